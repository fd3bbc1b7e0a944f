//! All that a TOML parser can say, with the same in French and how to mend it.

/// How the parser's words begin; the same in French; and how to mend it, in French and English.
pub(crate) type Said = (&'static str, &'static str, (&'static str, &'static str));

/// A backslash in a text is most often that of a path of Windows.
const BACKSLASH: (&str, &str) = (
    "dans un chemin, écrire / ; entre apostrophes, « \\ » est une lettre comme une autre : 'a\\b'",
    "in a path, write /; between apostrophes a backslash is a letter like others: 'a\\b'",
);
const REMOVE: (&str, &str) = ("l'ôter", "remove it");
const POINT: (&str, &str) = (
    "un point a des chiffres des deux côtés : 1.0",
    "a point has digits on both sides: 1.0",
);
pub(crate) const NUMBER: (&str, &str) = (
    "un nombre s'écrit sans espace, ni virgule, ni unité : 1200.50",
    "a number is written without space, comma or unit: 1200.50",
);
const DAY: (&str, &str) = (
    "écrire un jour qui existe, AAAA-MM-JJ : 2026-01-31",
    "write a day that exists, YYYY-MM-DD: 2026-01-31",
);
const KEY: (&str, &str) = (
    "prendre le nom de la propriété comme `cocarde new` l'écrit",
    "take the name of the property as `cocarde new` writes it",
);
pub(crate) const IDENTIFIER: (&str, &str) = (
    "un numéro s'écrit entre guillemets, avec ses zéros : \"012\"",
    "a number that names something goes in quotation marks, with its zeros: \"012\"",
);
pub(crate) const PAIR: (&str, &str) = (
    "écrire « clé = valeur » : seat = \"FR\"",
    "write \"key = value\": seat = \"FR\"",
);
pub(crate) const TABLE: (&str, &str) = (
    "une table sur une ligne s'écrit { min = 1, max = 2 }",
    "a table on one line is written { min = 1, max = 2 }",
);
const LIST: (&str, &str) = (
    "une liste s'écrit [\"FR\", \"DE\"]",
    "a list is written [\"FR\", \"DE\"]",
);
const HEADER: (&str, &str) = (
    "un en-tête s'écrit [organisation], ou [[hosting]] pour une liste",
    "a header is written [organisation], or [[hosting]] for a list",
);
const VALUE: (&str, &str) = (
    "écrire une valeur après « = », ou retirer la ligne : ce qui n'est pas dit reste inconnu",
    "write a value after \"=\", or remove the line: what is not stated stays unknown",
);
const QUOTES: (&str, &str) = (
    "mettre le texte entre guillemets : \"…\"",
    "put the text in quotation marks: \"…\"",
);
const LINES: (&str, &str) = (
    "enregistrer le fichier avec les fins de ligne de Linux ou de Windows",
    "save the file with the line ends of Linux or of Windows",
);
const DEPTH: (&str, &str) = (
    "ôter des crochets ou des accolades",
    "remove brackets or braces",
);

/// All that the parser can say: where several begin alike, the longest is meant.
pub(crate) const SAID: &[Said] = &[
    (
        "duplicate key",
        "clé écrite deux fois",
        ("n'en garder qu'une", "keep only one"),
    ),
    // Texts.
    (
        "string values must be quoted",
        "un texte s'écrit entre guillemets",
        QUOTES,
    ),
    (
        "missing opening quote",
        "guillemet ouvrant manquant",
        QUOTES,
    ),
    ("invalid string", "texte mal formé", QUOTES),
    (
        "invalid basic string",
        "texte mal fermé",
        ("fermer le texte par \"", "close the text with \""),
    ),
    (
        "invalid basic string, expected non-double-quote",
        "caractère de contrôle dans un texte",
        REMOVE,
    ),
    (
        "invalid literal string",
        "texte mal fermé",
        ("fermer le texte par '", "close the text with '"),
    ),
    (
        "invalid literal string, expected non-single-quote",
        "caractère de contrôle dans un texte",
        REMOVE,
    ),
    (
        "invalid multi-line basic string",
        "texte de plusieurs lignes mal fermé",
        ("fermer le texte par \"\"\"", "close the text with \"\"\""),
    ),
    (
        "invalid multi-line basic string, expected `\\`",
        "caractère de contrôle dans un texte",
        REMOVE,
    ),
    (
        "invalid multi-line basic string, expected newline",
        "« \\ » suivi d'un blanc, au milieu d'une ligne",
        BACKSLASH,
    ),
    (
        "invalid multi-line literal string",
        "texte de plusieurs lignes mal fermé",
        ("fermer le texte par '''", "close the text with '''"),
    ),
    (
        "invalid multi-line literal string, expected non-single-quote",
        "caractère de contrôle dans un texte",
        REMOVE,
    ),
    (
        "missing escaped value",
        "« \\ » dans un texte, sans rien qu'il désigne",
        BACKSLASH,
    ),
    (
        "too few unicode value digits",
        "« \\ » dans un texte, sans les chiffres qu'il annonce",
        BACKSLASH,
    ),
    (
        "invalid value, expected unicode hexadecimal value",
        "« \\ » dans un texte, et des chiffres qui ne désignent aucun caractère",
        BACKSLASH,
    ),
    (
        "could not allocate",
        "texte trop long pour la mémoire",
        ("l'abréger", "shorten it"),
    ),
    (
        "carriage return must be followed",
        "fin de ligne incomplète (retour chariot seul)",
        LINES,
    ),
    (
        "missing comment start",
        "commentaire sans #",
        ("le commencer par #", "begin it with #"),
    ),
    (
        "invalid comment character",
        "caractère de contrôle dans un commentaire",
        REMOVE,
    ),
    // Numbers, days, yes and no.
    (
        "invalid boolean",
        "seuls true et false vont sans guillemets",
        ("écrire true ou false", "write true or false"),
    ),
    ("invalid float", "nombre mal formé", POINT),
    (
        "invalid fraction",
        "nombre sans décimales après son point",
        POINT,
    ),
    ("invalid mantissa", "nombre mal formé", NUMBER),
    ("invalid exponent", "nombre mal formé", NUMBER),
    ("invalid integer number", "nombre mal formé", NUMBER),
    ("invalid hexadecimal number", "nombre mal formé", NUMBER),
    ("invalid octal number", "nombre mal formé", NUMBER),
    ("invalid binary number", "nombre mal formé", NUMBER),
    (
        "integers with a radix cannot be signed",
        "nombre d'une autre base avec un signe",
        NUMBER,
    ),
    (
        "radix must be lowercase",
        "nombre d'une autre base en capitale",
        NUMBER,
    ),
    (
        "redundant integer number prefix",
        "préfixe de trop devant un nombre",
        NUMBER,
    ),
    (
        "redundant numeric sign",
        "signe de trop",
        ("n'en garder qu'un", "keep only one"),
    ),
    ("unexpected sign", "signe inattendu", REMOVE),
    (
        "unexpected leading zero",
        "zéro de tête inattendu",
        IDENTIFIER,
    ),
    (
        "`_` may only go between digits",
        "« _ » ne va qu'entre deux chiffres",
        REMOVE,
    ),
    ("invalid date", "cette date n'existe pas au calendrier", DAY),
    ("invalid date-time", "date mal formée", DAY),
    ("invalid datetime", "date mal formée", DAY),
    ("invalid time", "cette heure n'existe pas", DAY),
    ("invalid offset", "ce décalage horaire n'existe pas", DAY),
    // Keys and headers.
    ("invalid key", "clé mal formée", KEY),
    (
        "invalid unquoted key",
        "clé mal formée : lettres sans accent, chiffres, « - » et « _ »",
        KEY,
    ),
    ("unquoted keys cannot be empty", "clé vide", KEY),
    (
        "keys cannot be multi-line",
        "une clé tient sur une ligne",
        KEY,
    ),
    ("key with no value", "clé sans valeur", PAIR),
    ("missing value for key", "clé sans valeur", PAIR),
    ("missing value", "valeur manquante", VALUE),
    ("invalid key-value pair", "il faut « clé = valeur »", PAIR),
    ("extra `=`", "« = » de trop", REMOVE),
    (
        "unexpected key or value",
        "clé ou valeur inattendue",
        (
            "n'écrire qu'une chose par ligne ; un commentaire commence par #",
            "write one thing a line; a comment begins with #",
        ),
    ),
    (
        "unexpected content",
        "texte inattendu en fin de ligne",
        REMOVE,
    ),
    ("invalid table", "en-tête mal formé", HEADER),
    (
        "missing table open",
        "en-tête sans son crochet ouvrant",
        HEADER,
    ),
    (
        "unclosed table",
        "en-tête de table non fermé",
        ("fermer l'en-tête par ]", "close the header with ]"),
    ),
    (
        "unclosed array table",
        "en-tête de liste non fermé",
        ("fermer l'en-tête par ]]", "close the header with ]]"),
    ),
    (
        "cannot extend value",
        "une clé à point n'ajoute rien à cette valeur",
        (
            "écrire la clé dans la table elle-même",
            "write the key in the table itself",
        ),
    ),
    // Lists, and tables on one line.
    (
        "unclosed array",
        "liste non fermée",
        ("fermer la liste par ]", "close the list with ]"),
    ),
    ("missing array opening", "« [ » manque", LIST),
    (
        "missing comma between array elements",
        "virgule manquante",
        LIST,
    ),
    ("extra comma in array", "virgule de trop", REMOVE),
    ("unexpected `=` in array", "« = » dans une liste", LIST),
    (
        "unclosed inline table",
        "table non fermée",
        ("fermer la table par }", "close the table with }"),
    ),
    ("missing inline table opening", "« { » manque", TABLE),
    (
        "missing comma between key-value pairs",
        "virgule manquante",
        TABLE,
    ),
    ("extra comma in inline table", "virgule de trop", REMOVE),
    (
        "missing key for inline table element",
        "clé manquante",
        TABLE,
    ),
    (
        "missing assignment between key-value pairs",
        "« = » manque après la clé",
        TABLE,
    ),
    (
        "extra assignment between key-value pairs",
        "« = » de trop, ou virgule manquante avant sa clé",
        TABLE,
    ),
    ("invalid inline table element", "table mal formée", TABLE),
    ("cannot recurse further", "imbrication trop profonde", DEPTH),
    ("recursion limit", "imbrication trop profonde", DEPTH),
];
