"""A report in the format that is asked for."""

from __future__ import annotations

from typing import Literal, get_args

from schemas.report import Report
from service.exports.formats import XLSX

ReportFormat = Literal["json", "csv", "xlsx", "html"]
REPORT_FORMATS: tuple[ReportFormat, ...] = get_args(ReportFormat)
REPORT_TYPES: dict[ReportFormat, str] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": XLSX,
    "html": "text/html; charset=utf-8",
}


def written(report: Report, form: ReportFormat) -> bytes:
    """The report in the format; what it needs is imported when it is used."""
    if form == "html":
        from service.exports.report_page import page

        return page(report)
    if form == "csv":
        from service.exports.report_files import table

        return table(report)
    if form == "xlsx":
        from service.exports.report_files import workbook

        return workbook(report)
    return report.model_dump_json().encode()
