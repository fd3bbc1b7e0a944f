//! Random well-typed expressions, by type and depth.

use super::choices::Choices;
use super::world::{COUNTRIES, MODES, TEXTS, schema};
use cocarde_model::{FieldType, TypeId};
use std::collections::BTreeMap;

/// The type of an expression to write.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Bool,
    Int,
    Dec,
    Text,
    Country,
    Mode,
    Day,
    Record(TypeId),
    List(Box<Kind>),
}

impl Kind {
    fn of_field(ty: &FieldType) -> Kind {
        let list = |k| Kind::List(Box::new(k));
        match ty {
            FieldType::Bool => Kind::Bool,
            FieldType::Integer => Kind::Int,
            FieldType::Percent | FieldType::Money | FieldType::Count => Kind::Dec,
            FieldType::Date => Kind::Day,
            FieldType::Text => Kind::Text,
            FieldType::Country => Kind::Country,
            FieldType::Enum(_) => Kind::Mode,
            FieldType::Texts => list(Kind::Text),
            FieldType::Countries => list(Kind::Country),
            FieldType::Enums(_) => list(Kind::Mode),
            FieldType::Ref(t) | FieldType::One(t) => Kind::Record(*t),
            FieldType::Many(t) => list(Kind::Record(*t)),
        }
    }

    /// Types that a literal can be written of, and lists of them joined and mapped to.
    const SCALARS: [Kind; 6] = [
        Kind::Int,
        Kind::Bool,
        Kind::Dec,
        Kind::Text,
        Kind::Country,
        Kind::Mode,
    ];
}

/// Writes expressions; counts which forms it wrote.
pub struct Grammar<'a, 'b> {
    pub choices: &'a mut Choices<'b>,
    pub written: &'a mut BTreeMap<&'static str, u64>,
    scope: Vec<(&'static str, Kind)>,
}

/// Names of bound variables: few, so that they hide each other, and one root field.
const VARIABLES: [&str; 4] = ["x", "y", "z", "n"];

impl<'a, 'b> Grammar<'a, 'b> {
    pub fn new(
        choices: &'a mut Choices<'b>,
        written: &'a mut BTreeMap<&'static str, u64>,
    ) -> Grammar<'a, 'b> {
        Grammar {
            choices,
            written,
            scope: Vec::new(),
        }
    }

    /// An expression of any type.
    pub fn any(&mut self, depth: u32) -> String {
        let kind = match self.choices.below(4) {
            0 => Kind::Bool,
            1 => self.scalar(),
            2 => self.list_kind(),
            _ => self.comparable(),
        };
        self.expr(&kind, depth)
    }

    pub fn expr(&mut self, kind: &Kind, depth: u32) -> String {
        let Some(depth) = depth.checked_sub(1) else {
            return self.leaf(kind);
        };
        match kind {
            Kind::Bool => self.bool(depth),
            Kind::Int => self.int(depth),
            Kind::Dec => self.dec(depth),
            Kind::Text => self.text(depth),
            Kind::List(of) => self.list(of, depth),
            kind => match self.choices.below(3) {
                0 | 1 => self.leaf(kind),
                _ => self.conditional(kind, depth),
            },
        }
    }

    fn form(&mut self, name: &'static str, text: String) -> String {
        *self.written.entry(name).or_default() += 1;
        text
    }

    // Leaves: literals, variables, fields.

    fn leaf(&mut self, kind: &Kind) -> String {
        let paths = self.paths(kind);
        let literal = match kind {
            Kind::Record(_) | Kind::Day => false,
            Kind::List(of) => !matches!(**of, Kind::Record(_)) || !self.paths(of).is_empty(),
            _ => true,
        };
        if literal && (paths.is_empty() || self.choices.below(3) == 0) {
            return self.literal(kind);
        }
        match self.choices.below(paths.len().max(1)) {
            i if i < paths.len() => self.form("path", paths[i].clone()),
            // Only records of rooms have no name outside a quantifier.
            _ => unreachable!("no expression of type {kind:?} here"),
        }
    }

    fn literal(&mut self, kind: &Kind) -> String {
        let quoted = |t: &str| format!("'{t}'");
        let text = match kind {
            Kind::Bool => ["false", "true"][self.choices.below(2)].into(),
            Kind::Int => (self.choices.below(24) as i64 - 8).to_string(),
            Kind::Dec => quarter(self.choices.below(100) as i64 - 30),
            Kind::Text => quoted(self.choices.one_of(&TEXTS)),
            Kind::Country => quoted(self.choices.one_of(&COUNTRIES)),
            Kind::Mode => quoted(self.choices.one_of(&MODES)),
            Kind::List(of) => {
                let (count, of) = (1 + self.choices.below(3), (**of).clone());
                let items: Vec<String> = (0..count).map(|_| self.leaf(&of)).collect();
                return self.form("[]", format!("[{}]", items.join(", ")));
            }
            Kind::Day | Kind::Record(_) => unreachable!("these have no literals"),
        };
        self.form("literal", text)
    }

    /// What has a name and this type: variables, root fields, and fields of records.
    fn paths(&self, kind: &Kind) -> Vec<String> {
        let mut out = Vec::new();
        let mut hidden: Vec<&str> = Vec::new();
        let mut add = |name: String, found: &Kind| {
            if found == kind {
                out.push(name.clone());
            }
            if let Kind::Record(ty) = found {
                let fields = &schema().ty(*ty).fields;
                let of_kind = fields.iter().filter(|f| Kind::of_field(&f.ty) == *kind);
                out.extend(of_kind.map(|f| format!("{name}.{}", f.name)));
            }
        };
        for (name, found) in self.scope.iter().rev() {
            if !hidden.contains(name) {
                hidden.push(name);
                add((*name).into(), found);
            }
        }
        for f in &schema().ty(schema().root()).fields {
            if !hidden.contains(&&*f.name) {
                add(f.name.to_string(), &Kind::of_field(&f.ty));
            }
        }
        if *kind == Kind::Day {
            out.push("as_of".into());
        }
        out
    }

    // Types to speak of.

    fn scalar(&mut self) -> Kind {
        self.choices.one_of(&Kind::SCALARS)
    }

    /// A type that has an expression here, whatever the scope.
    fn comparable(&mut self) -> Kind {
        match self.choices.below(10) {
            i @ 0..6 => Kind::SCALARS[i].clone(),
            6 => Kind::Day,
            7 => Kind::Record(schema().by_name("site").expect("a type")),
            8 => Kind::Record(schema().by_name("org").expect("a type")),
            _ => self.list_kind(),
        }
    }

    fn list_kind(&mut self) -> Kind {
        let site = schema().by_name("site").expect("a type");
        let of = match self.choices.below(6) {
            0 => Kind::Record(site),
            1 => Kind::List(Box::new(self.scalar())),
            _ => self.scalar(),
        };
        Kind::List(Box::new(of))
    }

    /// A list of records or of words that some field holds, or of any scalar.
    fn range(&mut self, depth: u32) -> (Kind, String) {
        let rooms = Kind::Record(schema().by_name("room").expect("a type"));
        let rooms_list = Kind::List(Box::new(rooms.clone()));
        if self.choices.below(3) == 0 && !self.paths(&rooms_list).is_empty() {
            let list = self.expr(&rooms_list, depth);
            return (rooms, list);
        }
        let Kind::List(of) = self.list_kind() else {
            unreachable!("a list kind");
        };
        let list = self.expr(&Kind::List(of.clone()), depth);
        (*of, list)
    }

    /// Any kind of text: what text operators take.
    fn words(&mut self, depth: u32) -> String {
        let kind = self
            .choices
            .one_of(&[Kind::Text, Kind::Country, Kind::Mode]);
        self.expr(&kind, depth)
    }

    // Composite expressions.

    fn conditional(&mut self, kind: &Kind, depth: u32) -> String {
        let cond = self.expr(&Kind::Bool, depth);
        let (a, b) = (self.expr(kind, depth), self.expr(kind, depth));
        self.form("?:", format!("({cond} ? {a} : {b})"))
    }

    fn binary(&mut self, sign: &'static str, kind: &Kind, depth: u32) -> String {
        let (a, b) = (self.expr(kind, depth), self.expr(kind, depth));
        self.form(sign, format!("({a} {sign} {b})"))
    }

    fn bool(&mut self, depth: u32) -> String {
        match self.choices.below(16) {
            0 => self.leaf(&Kind::Bool),
            1 => self.binary("&&", &Kind::Bool, depth),
            2 => self.binary("||", &Kind::Bool, depth),
            3 => {
                let a = self.expr(&Kind::Bool, depth);
                self.form("!", format!("!{a}"))
            }
            4 => self.conditional(&Kind::Bool, depth),
            5..8 => self.equality(depth),
            8..10 => self.ordering(depth),
            10 => self.text_test(depth),
            11 => self.membership(depth),
            _ => {
                let name = self.choices.one_of(&["all", "exists", "exists_one"]);
                let (of, list) = self.range(depth);
                let (v, body) = self.under(of, |g| g.expr(&Kind::Bool, depth));
                self.form(name, format!("{list}.{name}({v}, {body})"))
            }
        }
    }

    fn equality(&mut self, depth: u32) -> String {
        let sign = self.choices.one_of(&["==", "!="]);
        let kind = self.comparable();
        match self.choices.below(8) {
            0 if matches!(kind, Kind::List(_)) => {
                let a = self.expr(&kind, depth);
                self.form("== []", format!("({a} {sign} [])"))
            }
            1 if matches!(kind, Kind::Int | Kind::Dec) => {
                let (a, b) = (self.expr(&Kind::Int, depth), self.expr(&Kind::Dec, depth));
                self.form("int == double", format!("({a} {sign} {b})"))
            }
            _ => self.binary(sign, &kind, depth),
        }
    }

    fn ordering(&mut self, depth: u32) -> String {
        let sign = self.choices.one_of(&["<", "<=", ">", ">="]);
        match self.choices.below(4) {
            0 => self.binary(sign, &Kind::Int, depth),
            1 => self.binary(sign, &Kind::Dec, depth),
            2 => self.binary(sign, &Kind::Day, depth),
            _ => {
                let (a, b) = (self.expr(&Kind::Dec, depth), self.expr(&Kind::Int, depth));
                self.form("double < int", format!("({a} {sign} {b})"))
            }
        }
    }

    fn text_test(&mut self, depth: u32) -> String {
        let name = self.choices.one_of(&["contains", "startsWith", "endsWith"]);
        let (a, b) = (self.words(depth), self.words(depth));
        self.form(name, format!("{a}.{name}({b})"))
    }

    fn membership(&mut self, depth: u32) -> String {
        let Kind::List(of) = self.list_kind() else {
            unreachable!("a list kind");
        };
        let item = self.expr(&of, depth);
        let list = self.expr(&Kind::List(of), depth);
        self.form("in", format!("({item} in {list})"))
    }

    /// What is written with a variable of that type in scope, and its name.
    fn under<T>(&mut self, of: Kind, write: impl FnOnce(&mut Self) -> T) -> (&'static str, T) {
        let name = self.choices.one_of(&VARIABLES);
        self.scope.push((name, of));
        let out = write(self);
        self.scope.pop();
        (name, out)
    }

    fn int(&mut self, depth: u32) -> String {
        let kind = Kind::Int;
        match self.choices.below(10) {
            0 => self.leaf(&kind),
            1 => self.binary("+", &kind, depth),
            2 => self.binary("-", &kind, depth),
            3 => {
                let (a, by) = (self.expr(&kind, depth), self.choices.below(9) as i64 - 4);
                self.form("int * constant", format!("({a} * {by})"))
            }
            4 => {
                // Products of what is not constant, of leaves only: numbers stay small.
                let (a, b) = (self.leaf(&kind), self.leaf(&kind));
                self.form("int * int", format!("({a} * {b})"))
            }
            i @ (5 | 6) => {
                let a = self.expr(&kind, depth);
                let by = self.choices.one_of(&[1, 2, 3, 7, -1, -3]);
                let (sign, name) = [("/", "int / constant"), ("%", "%")][i - 5];
                self.form(name, format!("({a} {sign} {by})"))
            }
            7 => {
                let a = self.expr(&kind, depth);
                self.form("-int", format!("(-({a}))"))
            }
            8 => self.size(depth),
            _ => self.conditional(&kind, depth),
        }
    }

    fn size(&mut self, depth: u32) -> String {
        if self.choices.below(3) == 0 {
            let a = self.words(depth);
            return self.form("size(text)", format!("size({a})"));
        }
        let (_, list) = self.range(depth);
        match self.choices.below(2) {
            0 => self.form("size(list)", format!("size({list})")),
            _ => self.form("list.size()", format!("{list}.size()")),
        }
    }

    fn dec(&mut self, depth: u32) -> String {
        let kind = Kind::Dec;
        match self.choices.below(8) {
            0 => self.leaf(&kind),
            1 => self.binary("+", &kind, depth),
            2 => self.binary("-", &kind, depth),
            3 => {
                let (a, by) = (self.expr(&kind, depth), self.choices.below(25) as i64 - 8);
                self.form("double * constant", format!("({a} * {})", quarter(by)))
            }
            4 => {
                let (a, b) = (self.leaf(&kind), self.leaf(&kind));
                self.form("double * double", format!("({a} * {b})"))
            }
            5 => {
                let a = self.expr(&kind, depth);
                let by = self.choices.one_of(&["2.0", "4.0", "0.5", "-2.0"]);
                self.form("double / constant", format!("({a} / {by})"))
            }
            6 => {
                let a = self.expr(&kind, depth);
                self.form("-double", format!("(-({a}))"))
            }
            _ => self.conditional(&kind, depth),
        }
    }

    fn text(&mut self, depth: u32) -> String {
        match self.choices.below(4) {
            0 => self.leaf(&Kind::Text),
            1 | 2 => {
                let (a, b) = (self.words(depth), self.words(depth));
                self.form("text + text", format!("({a} + {b})"))
            }
            _ => self.conditional(&Kind::Text, depth),
        }
    }

    fn list(&mut self, of: &Kind, depth: u32) -> String {
        let kind = Kind::List(Box::new(of.clone()));
        // Not every scope has a name for a record to put in a list.
        let record = matches!(of, Kind::Record(_));
        match self.choices.below(9) {
            0 | 1 => self.leaf(&kind),
            2 if !record => {
                let count = 1 + self.choices.below(3);
                let items: Vec<String> = (0..count).map(|_| self.expr(of, depth)).collect();
                self.form("[]", format!("[{}]", items.join(", ")))
            }
            3 => {
                let (a, b) = (self.expr(&kind, depth), self.expr(&kind, depth));
                self.form("list + list", format!("({a} + {b})"))
            }
            4 => {
                let a = self.expr(&kind, depth);
                self.form("[] + list", format!("([] + {a})"))
            }
            5 => {
                let list = self.expr(&kind, depth);
                let (v, body) = self.under(of.clone(), |g| g.expr(&Kind::Bool, depth));
                self.form("filter", format!("{list}.filter({v}, {body})"))
            }
            6 if !record => {
                let (from, list) = self.range(depth);
                let (v, body) = self.under(from, |g| g.expr(of, depth));
                self.form("map", format!("{list}.map({v}, {body})"))
            }
            7 if !record => {
                let (from, list) = self.range(depth);
                let (v, (test, body)) =
                    self.under(from, |g| (g.expr(&Kind::Bool, depth), g.expr(of, depth)));
                self.form("map of three", format!("{list}.map({v}, {test}, {body})"))
            }
            _ => self.conditional(&kind, depth),
        }
    }
}

fn quarter(n: i64) -> String {
    let sign = if n < 0 { "-" } else { "" };
    let n = n.unsigned_abs();
    format!("{sign}{}.{:02}", n / 4, n % 4 * 25)
}
