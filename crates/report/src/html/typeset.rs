//! French typography: the space before a colon, and inside quotation marks, does not break.

use crate::words::Lang;
use std::borrow::Cow;

const PAIRS: [(&str, &str); 7] = [
    (" :", "\u{a0}:"),
    (" ;", "\u{202f};"),
    (" ?", "\u{202f}?"),
    (" !", "\u{202f}!"),
    (" »", "\u{a0}»"),
    ("« ", "«\u{a0}"),
    (" %", "\u{202f}%"),
];

/// The page with unbreakable spaces in its text; tags, styles, code and excerpts stay.
pub(super) fn typeset(page: String, lang: Lang) -> String {
    if lang != Lang::Fr {
        return page;
    }
    let mut out = String::with_capacity(page.len() + page.len() / 64);
    let mut verbatim = 0u32;
    let mut rest = &page[..];
    while let Some(open) = rest.find('<') {
        let close = rest[open..].find('>').map_or(rest.len(), |c| open + c + 1);
        let (text, tag) = (&rest[..open], &rest[open..close]);
        match verbatim {
            0 => out.push_str(&spaced(text)),
            _ => out.push_str(text),
        }
        out.push_str(tag);
        let name = tag.trim_start_matches(['<', '/']);
        let name = name.split([' ', '>']).next().unwrap_or_default();
        if matches!(name, "pre" | "code" | "style") {
            verbatim = match tag.starts_with("</") {
                true => verbatim.saturating_sub(1),
                false => verbatim + 1,
            };
        }
        rest = &rest[close..];
    }
    out + rest
}

fn spaced(text: &str) -> Cow<'_, str> {
    let mut out = Cow::Borrowed(text);
    for (from, to) in PAIRS {
        if out.contains(from) {
            out = Cow::Owned(out.replace(from, to));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_french_text_changes() {
        let page = "<p title=\"a : b\">Oui : « non »</p><pre>a : b</pre>";
        let set = "<p title=\"a : b\">Oui\u{a0}: «\u{a0}non\u{a0}»</p><pre>a : b</pre>";
        assert_eq!(typeset(page.into(), Lang::Fr), set);
        assert_eq!(typeset(page.into(), Lang::En), page);
    }
}
