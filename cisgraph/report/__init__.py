"""The report: one page with pictures, made from what complete runs left in the graph and on disk."""

from cisgraph.report.page import write_report

__all__ = ["write_report"]
