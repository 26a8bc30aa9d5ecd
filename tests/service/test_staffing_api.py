"""`POST /v1/staffing` and `stint staff`."""

import json

from typer.testing import CliRunner

from service.cli import app

RUN = CliRunner()


def test_volumes_in_a_table_become_requirements(tmp_path):
    table = tmp_path / "volumes.csv"
    table.write_text("start,volume,aht_seconds\n2026-11-30T10:00,100,180\n")
    done = RUN.invoke(app, ["staff", str(table), "--percent", "80", "--within-seconds", "20"])
    assert done.exit_code == 0
    assert json.loads(done.stdout)["requirements"][0]["required"] == [14.0]


def test_a_wrong_table_ends_with_its_faults(tmp_path):
    table = tmp_path / "volumes.csv"
    table.write_text("start,volume,aht_seconds\n2026-11-30T10:00,-5,180\n")
    done = RUN.invoke(app, ["staff", str(table)])
    assert done.exit_code == 2
    assert "/intervals/0/volume" in done.stderr


def test_half_a_goal_is_refused(tmp_path):
    table = tmp_path / "volumes.csv"
    table.write_text("start,volume,aht_seconds\n2026-11-30T10:00,5,180\n")
    assert RUN.invoke(app, ["staff", str(table), "--percent", "80"]).exit_code == 2
