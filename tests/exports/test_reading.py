"""Documents read piece by piece are what they are read as a whole."""

import json

import pytest

from service.exports.reading import members

WHOLE = {
    "name": "Öö ש 😀 \"quoted\" \\ [{", "number": 12345, "none": None, "deep": {"agents": [1, {"a": [2]}]},
    "agents": [{"id": "A", "n": 1.5e-7}, {"id": "B"}, 17, "text", [], {}], "empty": [], "last": -3,
}  # fmt: skip


def read(text, size, lists=("agents",)):
    raw = text.encode()
    return list(members((raw[at : at + size] for at in range(0, len(raw), size)), lists))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 100_000])
@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_pieces_of_any_size_give_the_same(size, indent, ascii_only, monkeypatch):
    monkeypatch.setattr("service.exports.reading.LEAST_READ", 1)
    text = json.dumps(WHOLE, indent=indent, ensure_ascii=ascii_only)
    expected = [
        pair for name, value in WHOLE.items() for pair in
        ([(name, entry) for entry in value] if name == "agents" else [(name, value)])
    ]  # fmt: skip
    assert read(text, size) == expected


def test_lists_that_are_empty_or_no_lists():
    assert read('{"agents": [], "a": {}}', 3) == [("a", {})]
    assert read('{"agents": null}', 3) == [("agents", None)]
    assert read("{}", 1) == []
    assert read("\ufeff{}", 1) == []


@pytest.mark.parametrize("text", ["", "{", '{"a"', '{"a": ', '{"a": 1', '{"agents": [1', '{"agents": [1,', "[]"])
def test_a_document_that_is_cut_off_is_not_taken_for_a_whole_one(text):
    with pytest.raises(ValueError, match=r"document|Expecting|Unterminated"):
        read(text, 2)
