"""A first load by `neo4j-admin database import`: a store made from files, beside the present one."""

from graph.bulk.load import BulkImport, BulkReport
from graph.bulk.present import can_carry

__all__ = ["BulkImport", "BulkReport", "can_carry"]
