# The criteria of referentials/nfg-2026, in Rego. A property that is not known is not in the
# input; one that evidence contradicts has the value of that evidence; a list is whole where
# its name is in `complete`. What passes is `verdicts[id] == true`, and is only said where
# nothing that is not known could undo it; what applies and is not shown to pass is `false`;
# what is not shown to apply is absent.
package nfg

eu := {
	"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
	"IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
}

digital := {"software", "platform", "cloud", "data-ai", "cybersecurity", "consulting"}

technical := {"software", "platform", "cloud", "data-ai", "cybersecurity"}

# What scopes look at is whatever is stated, however it is known.
hosts if kind in {"platform", "cloud", "data-ai"}

hosts if {
	kind in {"software", "cybersecurity", "consulting"}
	some held in data_stated
	"customer-content" in held
}

activity_in_scope(k) if {
	k in activities_stated
}

loc_4_applies if kind in {"platform", "cloud", "data-ai"}

loc_4_applies if {
	kind in {"software", "cybersecurity"}
	activity_in_scope("operation")
}

loc_5_applies if kind == "consulting"

loc_5_applies if {
	kind == "cybersecurity"
	activity_in_scope("delivery")
}

sec_8_applies if {
	kind in digital
	personal_data_stated
}

complete(list) if list in input.offering.complete

french_activity(k) if {
	some a in dossier.offering.activities
	a.kind == k
	a.country == "FR"
}

loc_2_operation if dossier.offering.kind in {"software", "cybersecurity"}

loc_2_operation if french_activity("operation")

# Whether an activity is of other kinds, or has a number.
counted(a, kinds, _) if {
	a.kind
	not a.kind in kinds
}

counted(a, _, property) if a[property]

all_counted(kinds, property) if {
	complete("activities")
	every a in dossier.offering.activities {
		a.kind
		counted(a, kinds, property)
	}
}

staff(kinds) := sum([a.staff | some a in dossier.offering.activities; a.kind in kinds])

french_staff(kinds) := sum([a.staff | some a in dossier.offering.activities; a.kind in kinds; a.country == "FR"])

majority(kinds) if {
	all_counted(kinds, "staff")
	whole := staff(kinds)
	whole > 0
	100 * french_staff(kinds) > 50 * whole
}

direct_cost := {
	"design", "development", "operation", "data-governance", "support", "security",
	"production", "delivery", "customer-contact", "research",
}

governance_in_france(a) if {
	a.kind
	a.kind != "data-governance"
}

governance_in_france(a) if a.country == "FR"

all_in_eu(countries) if {
	every c in countries { c in eu }
}

holds_content if {
	some h in dossier.offering.hosting
	"customer-content" in h.data
}

without_content(h) if {
	h.data
	not "customer-content" in h.data
}

served(name) if {
	some h in dossier.offering.hosting
	name in h.names
}

beside_service(d) if {
	d.purpose
	not d.purpose in {"service", "download", "api", "authentication"}
}

heb_1_domain(d) if beside_service(d)

heb_1_domain(d) if served(d.name)

heb_2_hosting(h) if without_content(h)

heb_2_hosting(h) if h.country == "FR"

personal(h) if {
	some c in h.data
	c in {"customer-metadata", "personal", "health", "backup"}
}

heb_3_personal(h) if {
	h.data
	not personal(h)
}

heb_3_personal(h) if h.country == "FR"

heb_3_technical(h) if {
	h.data
	not "technical" in h.data
}

heb_3_technical(h) if h.country in eu

heb_4_hosting(h) if without_content(h)

heb_4_hosting(h) if {
	dossier.parties[h.operator].seat in eu
	dossier.parties[h.operator].controlled_from in eu
}

heb_5_domain(d) if beside_service(d)

heb_5_domain(d) if d.operator_country in eu

heb_6_hosting(h) if without_content(h)

heb_6_hosting(h) if {
	count(h.administered_from) > 0
	all_in_eu(h.administered_from)
	support(h)
}

support(h) if all_in_eu(h.supported_from)

support(h) if h.remote_support_controlled

heb_7_hosting(h) if without_content(h)

heb_7_hosting(h) if h.keys_held_by in {"customer", "applicant"}

heb_7_hosting(h) if {
	h.keys_held_by == "operator"
	dossier.parties[h.operator].controlled_from in eu
}

reaches(s) if {
	some c in s.can_reach
	c in {"customer-content", "customer-metadata", "personal"}
}

harmless(s) if {
	s.can_reach
	not reaches(s)
}

harmless(s) if {
	dossier.parties[s.party].seat in eu
	dossier.parties[s.party].controlled_from in eu
}

sec_4_domain(d) if beside_service(d)

sec_4_domain(d) if d.tls

default loc_1 := false

loc_1 if {
	dossier.offering.kind in digital
}

default loc_2 := false

loc_2 if {
	french_activity("design")
	french_activity("development")
	loc_2_operation
}

default loc_3 := false

loc_3 if {
	majority({"design", "development"})
}

default loc_4 := false

loc_4 if {
	majority({"operation", "security"})
}

default loc_5 := false

loc_5 if {
	majority({"delivery"})
}

default loc_6 := false

loc_6 if {
	some a in dossier.offering.activities
	a.kind == "data-governance"
	complete("activities")
	every b in dossier.offering.activities { governance_in_france(b) }
}

default gou_1 := false

gou_1 if {
	dossier.organisation.central_administration == "FR"
	dossier.governance.strategic_decisions_country == "FR"
}

default gou_2 := false

gou_2 if {
	dossier.organisation.seat == "FR"
	dossier.organisation.main_establishment == "FR"
}

default gou_3 := false

gou_3 if {
	dossier.governance.non_eu_capital_max <= 24
	dossier.governance.non_eu_votes_max <= 24
}

default gou_4 := false

gou_4 if {
	dossier.governance.non_eu_capital <= 39
	dossier.governance.non_eu_votes <= 39
}

default gou_5 := false

gou_5 if {
	dossier.governance.non_eu_veto == false
	dossier.governance.non_eu_board_majority == false
}

default gou_6 := false

gou_6 if {
	dossier.organisation.controlled_from in eu
}

default gou_7 := false

gou_7 if {
	dossier.governance.roadmap_country == "FR"
	dossier.governance.ip_holder_country in eu
}

default heb_1 := false

heb_1 if {
	dossier.contract.location_told
	complete("domains")
	every d in dossier.offering.domains { heb_1_domain(d) }
}

default heb_2 := false

heb_2 if {
	holds_content
	complete("hosting")
	every h in dossier.offering.hosting { heb_2_hosting(h) }
}

default heb_3 := false

heb_3 if {
	complete("hosting")
	every h in dossier.offering.hosting { heb_3_personal(h) }
	every h in dossier.offering.hosting { heb_3_technical(h) }
}

default heb_4 := false

heb_4 if {
	holds_content
	complete("hosting")
	every h in dossier.offering.hosting { heb_4_hosting(h) }
}

default heb_5 := false

heb_5 if {
	complete("domains")
	every d in dossier.offering.domains { heb_5_domain(d) }
}

default heb_6 := false

heb_6 if {
	complete("hosting")
	every h in dossier.offering.hosting { heb_6_hosting(h) }
}

default heb_7 := false

heb_7 if {
	complete("hosting")
	every h in dossier.offering.hosting { heb_7_hosting(h) }
}

default heb_8 := false

heb_8 if {
	complete("suppliers")
	every s in dossier.offering.suppliers { harmless(s) }
}

default heb_9 := false

heb_9 if {
	all_in_eu(dossier.protection.content_reach)
}

default sec_1 := false

sec_1 if {
	some t in dossier.offering.attestations
	t.scheme in {
		"secnumcloud", "iso27001", "hds", "eucc", "cspn", "passi",
		"pris", "pdis", "pams", "expertcyber", "c5",
	}
	t.covers_offering
	t.valid_from <= input.as_of
	t.valid_until >= input.as_of
}

default sec_2 := false

sec_2 if {
	dossier.security.policy
	dossier.security.responsible_named
	dossier.security.risk_analysis_date >= input.months_ago["12"]
	dossier.security.risk_analysis_date <= input.as_of
}

default sec_3 := false

sec_3 if {
	dossier.security.penetration_test_date >= input.months_ago["18"]
	dossier.security.penetration_test_date <= input.as_of
}

default sec_4 := false

sec_4 if {
	dossier.security.strong_authentication
	dossier.security.encryption_in_transit
	dossier.security.encryption_at_rest
	complete("domains")
	every d in dossier.offering.domains { sec_4_domain(d) }
}

default sec_5 := false

sec_5 if {
	dossier.security.incident_process
	dossier.protection.breach_hours <= 72
}

default sec_6 := false

sec_6 if {
	dossier.security.backups_tested_date >= input.months_ago["12"]
	dossier.security.backups_tested_date <= input.as_of
}

default sec_7 := false

sec_7 if {
	dossier.security.vulnerability_policy
	dossier.security.bill_of_materials
	dossier.security.patch_days <= 30
}

default sec_8 := false

sec_8 if {
	dossier.protection.officer_named
	dossier.protection.records_kept
	dossier.protection.processor_agreement
	dossier.protection.transfers_outside_eu == false
}

default sec_9 := false

sec_9 if {
	dossier.protection.reuse_without_consent == false
	dossier.contract.no_disclosure
	dossier.protection.foreign_disclosure_refused
}

default sec_10 := false

sec_10 if {
	dossier.contract.reversibility
	dossier.protection.erasure_days <= 90
}

default val_1 := false

val_1 if {
	dossier.value.french_share > 50
}

default val_2 := false

val_2 if {
	dossier.value.method_documented
}

default val_3 := false

val_3 if {
	all_counted(direct_cost, "cost")
	whole := sum([a.cost | some a in dossier.offering.activities; a.kind in direct_cost])
	whole > 0
	french := sum([a.cost |
		some a in dossier.offering.activities
		a.kind in direct_cost
		a.country == "FR"
	])
	100 * french >= 50 * whole
}

verdicts[id] := verdict if {
	true
	id := "LOC-1"
	verdict := loc_1
}

verdicts[id] := verdict if {
	kind in technical
	id := "LOC-2"
	verdict := loc_2
}

verdicts[id] := verdict if {
	kind in technical
	id := "LOC-3"
	verdict := loc_3
}

verdicts[id] := verdict if {
	loc_4_applies
	id := "LOC-4"
	verdict := loc_4
}

verdicts[id] := verdict if {
	loc_5_applies
	id := "LOC-5"
	verdict := loc_5
}

verdicts[id] := verdict if {
	kind in digital
	id := "LOC-6"
	verdict := loc_6
}

verdicts[id] := verdict if {
	kind in digital
	id := "GOU-1"
	verdict := gou_1
}

verdicts[id] := verdict if {
	kind in digital
	id := "GOU-2"
	verdict := gou_2
}

verdicts[id] := verdict if {
	kind in digital
	id := "GOU-3"
	verdict := gou_3
}

verdicts[id] := verdict if {
	kind in digital
	id := "GOU-4"
	verdict := gou_4
}

verdicts[id] := verdict if {
	kind in digital
	id := "GOU-5"
	verdict := gou_5
}

verdicts[id] := verdict if {
	kind in digital
	id := "GOU-6"
	verdict := gou_6
}

verdicts[id] := verdict if {
	kind in technical
	id := "GOU-7"
	verdict := gou_7
}

verdicts[id] := verdict if {
	hosts
	id := "HEB-1"
	verdict := heb_1
}

verdicts[id] := verdict if {
	hosts
	id := "HEB-2"
	verdict := heb_2
}

verdicts[id] := verdict if {
	hosts
	id := "HEB-3"
	verdict := heb_3
}

verdicts[id] := verdict if {
	hosts
	id := "HEB-4"
	verdict := heb_4
}

verdicts[id] := verdict if {
	hosts
	id := "HEB-5"
	verdict := heb_5
}

verdicts[id] := verdict if {
	hosts
	id := "HEB-6"
	verdict := heb_6
}

verdicts[id] := verdict if {
	hosts
	id := "HEB-7"
	verdict := heb_7
}

verdicts[id] := verdict if {
	kind in digital
	id := "HEB-8"
	verdict := heb_8
}

verdicts[id] := verdict if {
	kind in digital
	id := "HEB-9"
	verdict := heb_9
}

verdicts[id] := verdict if {
	kind in digital
	id := "SEC-1"
	verdict := sec_1
}

verdicts[id] := verdict if {
	kind in digital
	id := "SEC-2"
	verdict := sec_2
}

verdicts[id] := verdict if {
	kind in technical
	id := "SEC-3"
	verdict := sec_3
}

verdicts[id] := verdict if {
	kind in technical
	id := "SEC-4"
	verdict := sec_4
}

verdicts[id] := verdict if {
	kind in digital
	id := "SEC-5"
	verdict := sec_5
}

verdicts[id] := verdict if {
	hosts
	id := "SEC-6"
	verdict := sec_6
}

verdicts[id] := verdict if {
	kind in technical
	id := "SEC-7"
	verdict := sec_7
}

verdicts[id] := verdict if {
	sec_8_applies
	id := "SEC-8"
	verdict := sec_8
}

verdicts[id] := verdict if {
	kind in digital
	id := "SEC-9"
	verdict := sec_9
}

verdicts[id] := verdict if {
	hosts
	id := "SEC-10"
	verdict := sec_10
}

verdicts[id] := verdict if {
	kind in digital
	id := "VAL-1"
	verdict := val_1
}

verdicts[id] := verdict if {
	kind in digital
	id := "VAL-2"
	verdict := val_2
}

verdicts[id] := verdict if {
	kind in digital
	id := "VAL-3"
	verdict := val_3
}
