"""The `lines` stage: whole lines that are not the article leave it.

`clean_lines` removes injected spam, the page's own furniture (navigation, share and comment
boxes, notices, recommendations) and the byline, whose facts it reads off. Title, summary,
headings, paragraphs, lists, captions, verse, dialogue and code stay.
"""

from transforms.text.lines.cleaner import clean_lines, load
from transforms.text.lines.settings import LinesSettings

__all__ = ["LinesSettings", "clean_lines", "load"]
