"""Duplicate paragraphs: found by MinHash, verified, and removed in favour of one that stays."""

from transforms.duplicates.remove import RemoveDuplicates
from transforms.duplicates.settings import DuplicateSettings

__all__ = ["DuplicateSettings", "RemoveDuplicates"]
