"""The elements of HTML, by what they mean for text.

Source: the HTML Living Standard's index of elements and its list of obsolete ones.
"""

from __future__ import annotations


def names(text: str) -> frozenset[str]:
    """The names in `text`, which white space parts."""
    return frozenset(text.split())


# Elements that begin and end a line.
BLOCK = names(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html "
    "isindex legend li main menu nav noframes noscript ol optgroup option p pre search section "
    "summary table tbody td textarea tfoot th thead title tr ul"
)

# Elements that stand within a line.
INLINE = names(
    "a abbr acronym applet area audio b base basefont bdi bdo bgsound big blink br button canvas "
    "cite code col colgroup data datalist del dfn em embed font i iframe img input ins kbd keygen "
    "label link map mark marquee math meta meter nobr noembed object output param picture progress "
    "q rb rp rt rtc ruby s samp script select slot small source span strike strong style sub sup "
    "svg template time track tt u var video wbr"
)

KNOWN = BLOCK | INLINE

# Elements without content.
VOID = names(
    "area base basefont bgsound br col embed frame hr img input isindex keygen link meta param "
    "source track wbr"
)

# Elements whose end tag authors leave out, as the standard allows.
END_OPTIONAL = names(
    "dd dt li optgroup option p rb rp rt rtc tbody td tfoot th thead tr colgroup caption"
)

# Ruby: what is written beside the characters of a text, and not in it.
READINGS = names("rp rt rtc")

# Elements whose content is no text of the page.
UNSEEN = READINGS | names(
    "applet audio canvas datalist embed head iframe map math noembed noframes noscript object "
    "picture script style svg template title video"
)

# Controls: seen, but not part of any text.
CONTROLS = names("button input keygen meter progress select textarea")

# Elements whose content is characters up to their end tag.
RAW = names("iframe noembed noframes plaintext script style textarea title xmp")

# Elements whose white space stands as written.
PREFORMATTED = names("pre textarea xmp listing plaintext")

# Attributes that mark a tag as one even where it is broken.
ATTRIBUTES = names(
    "accept action align alt aria bgcolor border cellpadding cellspacing charset class clear color "
    "cols colspan content data datetime dir face for frameborder headers height href hspace id "
    "lang maxlength media method name onclick onerror onload placeholder poster rel role rowspan "
    "rows scrolling size src srcset start style summary tabindex target title type usemap valign "
    "value vspace width wrap xmlns"
)

# Attributes that stand without a value.
FLAGS = names(
    "allowfullscreen async autofocus autoplay checked compact controls default defer disabled "
    "hidden loop multiple muted noresize noshade novalidate nowrap open playsinline readonly "
    "required reversed selected"
)
