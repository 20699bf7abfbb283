"""Repair of damaged text: lost bytes, wrong encodings, readings and residue of filters."""

from transforms.text.repair.cleaner import load, repair
from transforms.text.repair.settings import RepairSettings

__all__ = ["RepairSettings", "load", "repair"]
