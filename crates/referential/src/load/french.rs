//! What is wrong with a rule or with TOML, in French: the checker of rules and the parsers say it
//! in English.

/// What is said, `{}` standing for what is named, and the same in French, in the same order.
const SAID: &[(&str, &str)] = &[
    // Rules.
    ("`{}` has no field `{}`", "`{}` n'a pas de champ `{}`"),
    ("`{}` has no fields", "`{}` n'a pas de champs"),
    ("unknown name `{}`", "nom inconnu `{}`"),
    ("did you mean `{}`?", "vouliez-vous dire `{}` ?"),
    (
        "the referential has no parameter `{}`",
        "le référentiel n'a pas de paramètre `{}`",
    ),
    (
        "there is no country set `{}`",
        "il n'y a pas d'ensemble de pays `{}`",
    ),
    (
        "parameter `{}` states no comparator",
        "le paramètre `{}` ne dit pas comment comparer : `comparator`",
    ),
    (
        "`meets` takes a parameter: `param.ID`",
        "`meets` prend un paramètre : `param.ID`",
    ),
    (
        "`{}` is not an ISO 3166-1 country code",
        "`{}` n'est pas un code de pays ISO 3166-1",
    ),
    ("`{}` is not one of: {}", "`{}` n'est pas l'un de : {}"),
    (
        "no function `{}` takes these arguments",
        "aucune fonction `{}` ne prend ces arguments",
    ),
    (
        "expected true or false, found `{}`",
        "il faut vrai ou faux, et c'est `{}`",
    ),
    (
        "expected a number, found `{}`",
        "il faut un nombre, et c'est `{}`",
    ),
    (
        "expected a list, found `{}`",
        "il faut une liste, et c'est `{}`",
    ),
    (
        "`sum` takes a list of numbers, found `{}`",
        "`sum` prend une liste de nombres, et c'est `{}`",
    ),
    (
        "`in` looks into a list, found `{}`",
        "`in` cherche dans une liste, et c'est `{}`",
    ),
    (
        "the condition of `? :` must be true or false",
        "la condition de `? :` doit être vraie ou fausse",
    ),
    ("`? :` gives `{}` or `{}`", "`? :` donne `{}` ou `{}`"),
    ("`{}` has no size", "`{}` n'a pas de taille"),
    (
        "`{}` is never in a list of {}",
        "`{}` n'est jamais dans une liste de `{}`",
    ),
    ("`{}` never equals `{}`", "`{}` n'est jamais égal à `{}`"),
    (
        "`{}` does not order `{}` and `{}`",
        "`{}` n'ordonne pas `{}` et `{}`",
    ),
    (
        "the elements of a list have one type: here `{}` among {}",
        "les éléments d'une liste sont d'un seul type : ici `{}` parmi `{}`",
    ),
    (
        "these lists hold different types",
        "ces listes sont de types différents",
    ),
    ("`%` takes whole numbers", "`%` prend des nombres entiers"),
    (
        "division is refused unless by a constant that is not zero",
        "on ne divise que par une constante non nulle",
    ),
    (
        "use `share(part, whole)`, or compare products",
        "employer `share(part, whole)`, ou comparer des produits",
    ),
    (
        "indexing is refused: it has no value where the element is missing",
        "l'indice est refusé : il n'a pas de valeur où l'élément manque",
    ),
    (
        "use `exists(x, …)` or `all(x, …)`",
        "employer `exists(x, …)` ou `all(x, …)`",
    ),
    (
        "`months_ago` takes a constant number of months, 0 to 1200",
        "`months_ago` prend un nombre constant de mois, de 0 à 1200",
    ),
    (
        "this test is between texts",
        "cet essai se fait entre textes",
    ),
    (
        "a share can only be compared with a constant or a parameter",
        "une part ne se compare qu'à une constante ou à un paramètre",
    ),
    (
        "write `meets(share(part, whole), param.ID)`",
        "écrire `meets(share(part, whole), param.ID)`",
    ),
    (
        "this number has no exact decimal of 28 digits",
        "ce nombre n'est pas un décimal exact de 28 chiffres",
    ),
    (
        "unsigned integers are not part of the rule language",
        "les entiers sans signe ne sont pas du langage des règles",
    ),
    (
        "this comprehension is not part of the rule language",
        "cette compréhension n'est pas du langage des règles",
    ),
    (
        "bytes are not part of the rule language",
        "les octets ne sont pas du langage des règles",
    ),
    (
        "maps are not part of the rule language",
        "les tables ne sont pas du langage des règles",
    ),
    (
        "messages are not part of the rule language",
        "les messages ne sont pas du langage des règles",
    ),
    (
        "{} is not part of the rule language",
        "{} n'est pas du langage des règles",
    ),
    ("empty expression", "expression vide"),
    (
        "`has()` is refused: whether a fact is known is not a property of the world",
        "`has()` est refusé : qu'un fait soit connu n'est pas une propriété du monde",
    ),
    (
        "drop it: a rule over an unknown fact is undetermined by itself",
        "l'ôter : une règle sur un fait inconnu est d'elle-même indéterminée",
    ),
    (
        "a rule must be true or false, this is `{}`",
        "une règle est vraie ou fausse, et c'est `{}`",
    ),
    (
        "the rule is longer than {} bytes",
        "la règle dépasse {} octets",
    ),
    (
        "the rule nests or chains deeper than {} levels",
        "la règle s'imbrique ou s'enchaîne au-delà de {} niveaux",
    ),
    (
        "evaluating this rule could take too long",
        "évaluer cette règle pourrait durer trop longtemps",
    ),
    (
        "nest fewer quantifiers, or shorten the lists",
        "imbriquer moins de quantificateurs, ou raccourcir les listes",
    ),
    // The syntax of rules.
    ("this string does not end", "ce texte n'est pas fermé"),
    (
        "this string does not end on its line",
        "ce texte n'est pas fermé sur sa ligne",
    ),
    (
        "unknown escape in a string",
        "échappement inconnu dans un texte",
    ),
    (
        "Syntax error: token recognition error at: {}",
        "caractères inattendus : {}",
    ),
    ("equality is written `==`", "l'égalité s'écrit `==`"),
    ("«and» is written `&&`", "« et » s'écrit `&&`"),
    ("«or» is written `||`", "« ou » s'écrit `||`"),
    (
        "Syntax error: extraneous input {} expecting {}",
        "{} est de trop, il faut {}",
    ),
    (
        "Syntax error: mismatched input {} expecting {}",
        "{} ne va pas là, il faut {}",
    ),
    ("Syntax error: missing {} at {}", "{} manque devant {}"),
    (
        "Syntax error: no viable alternative at input {}",
        "{} ne continue aucune expression",
    ),
    // TOML and the tables of a referential.
    (
        "unknown variant `{}`, expected one of {}",
        "mot inconnu « {} », au choix : {}",
    ),
    (
        "unknown variant `{}`, expected {} or {}",
        "mot inconnu « {} », il faut {} ou {}",
    ),
    (
        "unknown variant `{}`, expected {}",
        "mot inconnu « {} », il faut {}",
    ),
    (
        "unknown field `{}`, expected one of {}",
        "clé inconnue « {} », au choix : {}",
    ),
    (
        "unknown field `{}`, expected {} or {}",
        "clé inconnue « {} », il faut {} ou {}",
    ),
    (
        "unknown field `{}`, expected {}",
        "clé inconnue « {} », il faut {}",
    ),
    ("missing field `{}`", "la clé « {} » manque ici"),
    ("duplicate field `{}`", "clé écrite deux fois : « {} »"),
    ("duplicate key", "clé écrite deux fois"),
    (
        "invalid type: {}, expected a TOML datetime",
        "il faut une date, AAAA-MM-JJ sans guillemets, et non {}",
    ),
    (
        "invalid type: {}, expected a string",
        "il faut un texte entre guillemets, et non {}",
    ),
    (
        "invalid type: {}, expected a sequence",
        "il faut une liste, [ … ], et non {}",
    ),
    (
        "invalid type: {}, expected a boolean",
        "il faut true ou false, et non {}",
    ),
    (
        "invalid type: {}, expected {}",
        "il faut autre chose que {} : {}",
    ),
    (
        "invalid value: {}, expected {}",
        "il faut une autre valeur que {} : {}",
    ),
    (
        "string values must be quoted, expected literal string",
        "un texte s'écrit entre guillemets",
    ),
    ("invalid basic string{}", "texte mal fermé{}"),
    ("wanted string or table", "il faut un texte, ou une table"),
    (
        "a number is expected, as 12 or \"12.5\"",
        "il faut un nombre, comme 12 ou \"12.5\"",
    ),
    ("unclosed {}", "non fermé : {}"),
];

/// The same in French; what is not known stays as it is.
pub(super) fn in_french(said: &str) -> String {
    let known = SAID
        .iter()
        .find_map(|(en, fr)| Some((named(en, said)?, fr)));
    let Some((named, fr)) = known else {
        return said.into();
    };
    let mut named = named.into_iter();
    let mut out = String::new();
    for (i, part) in fr.split("{}").enumerate() {
        if i > 0 {
            out += named.next().unwrap_or_default();
        }
        out += part;
    }
    out
}

/// What a sentence names where its pattern has `{}`, if it is of that pattern.
fn named<'t>(pattern: &str, said: &'t str) -> Option<Vec<&'t str>> {
    let mut parts = pattern.split("{}");
    let mut rest = said.strip_prefix(parts.next()?)?;
    let mut parts = parts.peekable();
    let mut names = Vec::new();
    while let Some(part) = parts.next() {
        let at = match parts.peek() {
            Some(_) => rest.find(part)?,
            // The last hole takes all that is left.
            None => rest.strip_suffix(part)?.len(),
        };
        names.push(&rest[..at]);
        rest = &rest[at + part.len()..];
    }
    rest.is_empty().then_some(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_found_by_its_pattern_and_names_the_same_in_french() {
        for (en, fr) in SAID {
            let holes = |text: &str| text.matches("{}").count();
            assert_eq!(holes(en), holes(fr), "{en}");
            assert_eq!(in_french(&en.replace("{}", "n")), fr.replace("{}", "n"));
        }
        assert_eq!(
            in_french("`list({})` never equals `text`"),
            "`list({})` n'est jamais égal à `text`"
        );
        assert_eq!(in_french("of no pattern"), "of no pattern");
    }
}
