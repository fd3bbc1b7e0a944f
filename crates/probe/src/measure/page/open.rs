//! How many attributes the tag has so far that the tokenizer is reading: it gives a tag when
//! that ends, and compares each attribute with all before it until then. What is long but no
//! list of attributes, a comment or a value in quotation marks, counts for nothing.

use super::head;

/// Attributes of one tag at most.
pub const MAX_ATTRIBUTES: usize = 4096;
/// Bytes handed to the tokenizer at once: too few for as many attributes.
const PIECE: usize = MAX_ATTRIBUTES;

/// The next piece of a page: a `<` by itself, or what comes before the next one. So nothing
/// begins within a piece, and what a piece is in goes on after it unless a token came.
pub fn piece(text: &str) -> &str {
    let most = head(text, PIECE);
    match most.find('<') {
        Some(0) => &most[..1],
        Some(next) => &most[..next],
        None => most,
    }
}

/// What the tokenizer is in.
#[derive(Default)]
pub struct Open {
    at: At,
    attributes: usize,
}

#[derive(Clone, Copy, Default)]
enum At {
    #[default]
    Text,
    /// After a `<` that may begin something.
    Begin,
    /// A comment or a document type: no attributes.
    Comment,
    Tag(Part),
}

/// Parts of a tag, after the states of the HTML standard (section 13.2.5). The three in which
/// any other letter begins an attribute are one.
#[derive(Clone, Copy)]
enum Part {
    TagName,
    Between,
    Name,
    AfterName,
    BeforeValue,
    Quoted(u8),
    Value,
}

impl Open {
    /// A piece comes to the tokenizer: how many attributes the tag that it is in has by then.
    pub fn enter(&mut self, piece: &str) -> usize {
        self.at = match self.at {
            At::Text if piece == "<" => At::Begin,
            At::Begin if piece != "<" => self.begin(piece),
            At::Tag(part) => self.tag(part, piece),
            other => other,
        };
        self.attributes
    }

    /// The tokenizer has read it, and a token came or none: what it was in has ended by one,
    /// were it because the page's scripts or its title only looked like a tag.
    pub fn leave(&mut self, piece: &str, spoke: bool) {
        if spoke {
            self.at = if piece == "<" { At::Begin } else { At::Text };
        }
    }

    fn begin(&mut self, piece: &str) -> At {
        self.attributes = 0;
        let name = piece.strip_prefix('/').unwrap_or(piece);
        match name.bytes().next() {
            Some(letter) if letter.is_ascii_alphabetic() => self.tag(Part::TagName, name),
            // `</>` is nothing at all, not even a token.
            Some(b'>') if name != piece => At::Text,
            _ => At::Comment,
        }
    }

    fn tag(&mut self, mut part: Part, piece: &str) -> At {
        for byte in piece.bytes() {
            let blank = byte.is_ascii_whitespace();
            part = match (part, byte) {
                (Part::Quoted(mark), _) if byte == mark => Part::Between,
                (Part::Quoted(_), _) => part,
                (_, b'>') => return At::Text,
                (Part::BeforeValue, b'"' | b'\'') => Part::Quoted(byte),
                (Part::BeforeValue, _) if blank => part,
                (Part::BeforeValue, _) => Part::Value,
                (Part::Value, _) if !blank => part,
                (Part::Name | Part::AfterName, b'=') => Part::BeforeValue,
                (Part::Name | Part::AfterName, _) if blank => Part::AfterName,
                (_, b'/') => Part::Between,
                (_, _) if blank => Part::Between,
                (Part::TagName | Part::Name, _) => part,
                (Part::Between | Part::AfterName | Part::Value, _) => {
                    self.attributes += 1;
                    Part::Name
                }
            };
        }
        At::Tag(part)
    }
}

#[cfg(test)]
mod tests {
    use super::super::contents;
    use super::*;
    use html5ever::tendril::StrTendril;
    use html5ever::tokenizer::{
        BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
    };
    use proptest::prelude::*;
    use std::cell::RefCell;

    /// What came of a piece: whether a token did, the attributes of the tags that ended, and
    /// those that were named again in the tag that goes on.
    #[derive(Default)]
    struct Came {
        spoke: bool,
        tags: Vec<usize>,
        again: usize,
    }

    struct Sink(RefCell<Came>);

    impl TokenSink for Sink {
        type Handle = ();

        fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
            let mut came = self.0.borrow_mut();
            match token {
                Token::ParseError(e) => came.again += usize::from(e == "Duplicate attribute"),
                Token::TagToken(tag) => {
                    came.spoke = true;
                    let again = std::mem::take(&mut came.again);
                    came.tags.push(tag.attrs.len() + again);
                    if tag.kind == TagKind::StartTag {
                        return contents(&tag.name);
                    }
                }
                _ => came.spoke = true,
            }
            TokenSinkResult::Continue
        }
    }

    proptest! {
        /// Whatever a page says, each tag has as many attributes as were counted.
        #[test]
        fn as_many_as_the_tokenizer_finds(html in
            "(<(!--|!doctype |!|\\?|/)?|</?(p|title|script|style)|</>|<!-->|--!?>|&am|\r|é|[ =/'\">abc]){0,60}"
        ) {
            let tokenizer = Tokenizer::new(Sink(RefCell::default()), TokenizerOpts::default());
            let (mut rest, mut open) = (&*html, Open::default());
            while !rest.is_empty() {
                let piece = piece(rest);
                rest = &rest[piece.len()..];
                let counted = open.enter(piece);
                let input = BufferQueue::default();
                input.push_back(StrTendril::from_slice(piece));
                let _ = tokenizer.feed(&input);
                let mut came = tokenizer.sink.0.borrow_mut();
                let tags = std::mem::take(&mut came.tags);
                prop_assert!(tags.len() < 2 && tags.iter().all(|&n| n == counted),
                    "{tags:?} and not {counted} at the end of {piece:?} before {rest:?}");
                open.leave(piece, std::mem::take(&mut came.spoke));
            }
        }
    }
}
