# A dossier as it is: of each property the facts, how each is known and when it holds. What they
# amount to is for the evidence policy of the criteria to say. `data.evidence` holds, by kind of
# record and property, the least confidence from which each provenance may establish, and from
# which it may refute. An amount known in part has no `value`. No fact of these dossiers is a
# ruling: what one changes is left out.
package nfg

kind := amounts_to(input.offering.kind, data.stated)

data_stated := {amounts_to(h.data, data.stated) | some h in input.offering.hosting}

activities_stated := {amounts_to(a.kind, data.stated) | some a in input.offering.activities}

personal_data_stated := amounts_to(input.offering.personal_data, data.stated)

dossier := {
	"organisation": settled("party", input.organisation),
	"governance": settled("governance", input.governance),
	"contract": settled("contract", input.contract),
	"security": settled("security", input.security),
	"protection": settled("protection", input.protection),
	"value": settled("value", input.value),
	"offering": object.union(settled("offering", input.offering), {
		"hosting": [settled("hosting", h) | some h in input.offering.hosting],
		"activities": [settled("activity", a) | some a in input.offering.activities],
		"domains": [settled("domain", d) | some d in input.offering.domains],
		"suppliers": [settled("supplier", s) | some s in input.offering.suppliers],
		"attestations": [settled("attestation", t) | some t in input.offering.attestations],
	}),
	"parties": {id: settled("party", p) | some id, p in input.parties},
}

# The properties of a record of which something is settled.
settled(type, record) := {name: amount |
	some name, policy in data.evidence[type]
	amount := amounts_to(record[name], policy)
}

# Mostly all facts say the same: a claim and what supports it.
amounts_to(facts, policy) := fact.value if {
	fact := facts[_]
	fact.confidence >= policy.established_by[fact.how]
	not fact.from > input.as_of
	not fact.until < input.as_of
	not disputed(facts, fact.value)
} else := weighed(heard(facts), policy) if disputed(facts, facts[0].value)

disputed(facts, value) if {
	some fact in facts
	fact.value != value
}

holds(fact) if {
	not fact.from > input.as_of
	not fact.until < input.as_of
}

establishes(fact, policy) if fact.confidence >= policy.established_by[fact.how]

may_refute(fact, policy) if fact.confidence >= policy.refuted_by[fact.how]

heard(facts) := [f | some f in facts; holds(f)]

# What stands against the claim prevails, where it agrees; else what is proven.
weighed(voices, policy) := amount if {
	proofs := [f | some f in voices; establishes(f, policy)]
	claims := claimed(voices, proofs, policy)
	said := {f.value | some f in claims}
	against := [f | some f in voices; stands_against(f, proofs, said, policy)]
	amount := prevailing(against, proofs, said)
}

claimed(_, proofs, _) := proofs if count(proofs) > 0

claimed(voices, [], policy) := [f | some f in voices; not may_refute(f, policy)]

stands_against(fact, _, said, policy) if {
	not establishes(fact, policy)
	may_refute(fact, policy)
	some other in said
	other != fact.value
}

# Of proofs that disagree, those that may refute stand against those that may not.
stands_against(fact, proofs, said, policy) if {
	establishes(fact, policy)
	may_refute(fact, policy)
	count(said) > 1
	some proof in proofs
	not may_refute(proof, policy)
}

prevailing([], proofs, said) := only(said) if count(proofs) > 0

prevailing(against, _, _) := only({f.value | some f in against}) if count(against) > 0

only(values) := one if {
	count(values) == 1
	some one in values
}
