"""What the page is made of, looked at without a browser: its words, its types, what it brings along, how it is sent."""

import gzip
import hashlib
import json
import re

import pytest

from clients.typescript.generate import has_npm, installed, run
from service.api.page import WEB

WORDS = {file.stem: json.loads(file.read_text()) for file in sorted((WEB / "words").glob("*.json"))}
CODE = {file.name: file.read_text() for file in sorted(WEB.glob("*.js"))}


@pytest.fixture
def client(service):
    return service


def holes(word):
    """The places of a text that are filled in."""
    texts = word.values() if isinstance(word, dict) else [word]
    return {hole for text in texts for hole in re.findall(r"\{\w+\}", text)}


def test_the_page_speaks_three_languages():
    assert set(WORDS) == {"en", "et", "vi"}


@pytest.mark.parametrize("language", WORDS)
def test_each_language_says_everything_with_the_same_facts(language):
    assert WORDS[language].keys() == WORDS["en"].keys()
    for key, word in WORDS[language].items():
        assert holes(word) == holes(WORDS["en"][key]), key


def test_every_word_that_the_page_asks_for_is_there():
    asked = {key for text in CODE.values() for key in re.findall(r'\bt(?:Or)?\(\s*"([^"]+)"', text)}
    assert len(asked) > 100
    assert asked - WORDS["en"].keys() == set()


def test_no_word_is_left_that_nobody_asks_for():
    code = "\n".join(CODE.values())
    made = [re.escape(start) for start in re.findall(r"`([a-z]+\.[a-z_]*)\$\{", code)]  # such as `status.${…}`
    unused = [key for key in WORDS["en"] if f'"{key}"' not in code and not any(re.match(start, key) for start in made)]
    assert unused == []


def test_what_others_wrote_is_what_the_list_says():
    for package in json.loads((WEB / "vendor" / "vendor.json").read_text()):
        assert any("LICENSE" in file["to"] for file in package["files"])
        for file in package["files"]:
            found = hashlib.sha256((WEB / "vendor" / file["to"]).read_bytes()).hexdigest()
            assert found == file["sha256"], file["to"]


@pytest.mark.skipif(not has_npm(), reason="node and npm are not installed")
def test_the_code_keeps_to_the_types_of_the_interface():
    run([str(installed() / "tsc"), "--project", str(WEB / "jsconfig.json")])


def test_a_file_comes_packed_under_a_strict_policy_and_once(client):
    answer = client.get("/web/page.js", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.text == CODE["page.js"]
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    again = client.get("/web/page.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    plain = client.get("/web/page.js", headers={"Accept-Encoding": "identity"})
    assert plain.headers.get("Content-Encoding") is None
    assert len(gzip.compress(plain.content)) < len(plain.content)


@pytest.mark.parametrize("path", ["/web/vendor/fetch.py", "/web/types.d.ts", "/web/jsconfig.json", "/web/../main.py"])
def test_nothing_else_of_the_folder_is_served(client, path):
    assert client.get(path).status_code == 404


def test_each_example_is_a_request_in_order(client):
    examples = client.get("/web/examples.json").json()
    assert [example["agents"] for example in examples] == sorted(example["agents"] for example in examples)
    for example in examples:
        request = client.get(f"/web/examples/{example['file']}").json()
        assert client.post("/v1/validations", json=request).json()["valid"]
