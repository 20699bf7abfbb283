"""Markup: from a page, a fragment or badly extracted text to the article's paragraphs."""

from transforms.text.markup.cleaner import extract
from transforms.text.markup.settings import ExtractSettings

__all__ = ["ExtractSettings", "extract"]
