"""Repair of damaged text: lost bytes, wrong encodings, readings and residue of filters."""

from transforms.text.repair.cleaner import RepairSettings, load, repair

__all__ = ["RepairSettings", "load", "repair"]
