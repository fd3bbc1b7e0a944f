//! How a record of some type is referred to: `party:acme`, and `doc:contract` for documents.

use cocarde_model::{Schema, TypeId};

/// The word of documents, which are cited often.
const DOC: &str = "doc";
/// Their type in the schema.
const DOCUMENT: &str = "document";

/// The word of a type in references.
pub fn word(schema: &Schema, ty: TypeId) -> &str {
    match &*schema.ty(ty).name {
        DOCUMENT => DOC,
        other => other,
    }
}

/// The type that a word means in references; its name in the schema does too.
pub fn type_of(schema: &Schema, word: &str) -> Option<TypeId> {
    schema.by_name(if word == DOC { DOCUMENT } else { word })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Law: the word of a type means that type.
    #[test]
    fn a_word_means_its_type() {
        let schema = Schema::standard();
        for (ty, _) in schema.types() {
            assert_eq!(type_of(schema, word(schema, ty)), Some(ty));
        }
        assert_eq!(type_of(schema, DOC), schema.by_name(DOCUMENT));
    }
}
