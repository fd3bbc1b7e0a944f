# The criteria of referentials/nfg-2026, in Rego. A property that is not known is not in the
# input; one that evidence contradicts has the value of that evidence. What passes is
# `verdicts[id] == true`; what applies and does not pass is `false`; the rest is absent.
package nfg

eu := {
	"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
	"IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
}

digital := {"software", "platform", "cloud", "data-ai", "cybersecurity", "consulting"}

technical := {"software", "platform", "cloud", "data-ai", "cybersecurity"}

kind := input.offering.kind

hosting := input.offering.hosting

activities := input.offering.activities

holds_content if {
	some h in hosting
	"customer-content" in h.data
}

hosts if kind in {"platform", "cloud", "data-ai"}

hosts if {
	kind in {"software", "cybersecurity", "consulting"}
	holds_content
}

activity_of(k) if {
	some a in activities
	a.kind == k
}

french_activity(k) if {
	some a in activities
	a.kind == k
	a.country == "FR"
}

staff(kinds) := sum([a.staff | some a in activities; a.kind in kinds])

french_staff(kinds) := sum([a.staff | some a in activities; a.kind in kinds; a.country == "FR"])

majority(kinds) if {
	whole := staff(kinds)
	whole > 0
	100 * french_staff(kinds) > 50 * whole
}

content_hosting := [h | some h in hosting; "customer-content" in h.data]

service_domains := [d |
	some d in input.offering.domains
	d.purpose in {"service", "download", "api", "authentication"}
]

all_in_eu(countries) if {
	every c in countries { c in eu }
}

loc_2_operation if kind in {"software", "cybersecurity"}

loc_2_operation if french_activity("operation")

loc_4_applies if kind in {"platform", "cloud", "data-ai"}

loc_4_applies if {
	kind in {"software", "cybersecurity"}
	activity_of("operation")
}

loc_5_applies if kind == "consulting"

loc_5_applies if {
	kind == "cybersecurity"
	activity_of("delivery")
}

served(name) if {
	some h in hosting
	name in h.names
}

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

support(h) if all_in_eu(h.supported_from)

support(h) if h.remote_support_controlled

keys(h) if h.keys_held_by in {"customer", "applicant"}

keys(h) if {
	h.keys_held_by == "operator"
	h.operator.controlled_from in eu
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
	s.party.seat in eu
	s.party.controlled_from in eu
}

sec_8_applies if {
	kind in digital
	input.offering.personal_data
}

default loc_1 := false

loc_1 if {
	kind in digital
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
	activity_of("data-governance")
	every a in [a | some a in activities; a.kind == "data-governance"] { a.country == "FR" }
}

default gou_1 := false

gou_1 if {
	input.organisation.central_administration == "FR"
	input.governance.strategic_decisions_country == "FR"
}

default gou_2 := false

gou_2 if {
	input.organisation.seat == "FR"
	input.organisation.main_establishment == "FR"
}

default gou_3 := false

gou_3 if {
	input.governance.non_eu_capital_max <= 24
	input.governance.non_eu_votes_max <= 24
}

default gou_4 := false

gou_4 if {
	input.governance.non_eu_capital <= 39
	input.governance.non_eu_votes <= 39
}

default gou_5 := false

gou_5 if {
	input.governance.non_eu_veto == false
	input.governance.non_eu_board_majority == false
}

default gou_6 := false

gou_6 if {
	input.organisation.controlled_from in eu
}

default gou_7 := false

gou_7 if {
	input.governance.roadmap_country == "FR"
	input.governance.ip_holder_country in eu
}

default heb_1 := false

heb_1 if {
	input.contract.location_told
	every d in service_domains { served(d.name) }
}

default heb_2 := false

heb_2 if {
	holds_content
	every h in content_hosting { h.country == "FR" }
}

default heb_3 := false

heb_3 if {
	every h in hosting { heb_3_personal(h) }
	every h in hosting { heb_3_technical(h) }
}

default heb_4 := false

heb_4 if {
	holds_content
	every h in content_hosting {
		h.operator.seat in eu
		h.operator.controlled_from in eu
	}
}

default heb_5 := false

heb_5 if {
	every d in service_domains { d.operator_country in eu }
}

default heb_6 := false

heb_6 if {
	every h in content_hosting {
		count(h.administered_from) > 0
		all_in_eu(h.administered_from)
		support(h)
	}
}

default heb_7 := false

heb_7 if {
	every h in content_hosting { keys(h) }
}

default heb_8 := false

heb_8 if {
	every s in input.offering.suppliers { harmless(s) }
}

default heb_9 := false

heb_9 if {
	all_in_eu(input.protection.content_reach)
}

default sec_1 := false

sec_1 if {
	some t in input.offering.attestations
	t.scheme in {
		"secnumcloud", "iso27001", "hds", "eucc", "cspn", "passi",
		"pris", "pdis", "pams", "expertcyber", "c5",
	}
	t.covers_offering
	t.valid_until >= input.as_of
}

default sec_2 := false

sec_2 if {
	input.security.policy
	input.security.responsible_named
	input.security.risk_analysis_date >= input.months_ago["12"]
}

default sec_3 := false

sec_3 if {
	input.security.penetration_test_date >= input.months_ago["18"]
}

default sec_4 := false

sec_4 if {
	input.security.strong_authentication
	input.security.encryption_in_transit
	input.security.encryption_at_rest
	every d in service_domains { d.tls }
}

default sec_5 := false

sec_5 if {
	input.security.incident_process
	input.protection.breach_hours <= 72
}

default sec_6 := false

sec_6 if {
	input.security.backups_tested_date >= input.months_ago["12"]
}

default sec_7 := false

sec_7 if {
	input.security.vulnerability_policy
	input.security.bill_of_materials
	input.security.patch_days <= 30
}

default sec_8 := false

sec_8 if {
	input.protection.officer_named
	input.protection.records_kept
	input.protection.processor_agreement
	input.protection.transfers_outside_eu == false
}

default sec_9 := false

sec_9 if {
	input.protection.reuse_without_consent == false
	input.contract.no_disclosure
	input.protection.foreign_disclosure_refused
}

default sec_10 := false

sec_10 if {
	input.contract.reversibility
	input.protection.erasure_days <= 90
}

default val_1 := false

val_1 if {
	input.value.french_share > 50
}

default val_2 := false

val_2 if {
	input.value.method_documented
}

default val_3 := false

val_3 if {
	whole := sum([a.cost | some a in activities; not a.kind in {"sales", "administration"}])
	whole > 0
	french := sum([a.cost |
		some a in activities
		not a.kind in {"sales", "administration"}
		a.country == "FR"
	])
	100 * french >= 50 * whole
}

verdicts["LOC-1"] := loc_1 if true

verdicts["LOC-2"] := loc_2 if kind in technical

verdicts["LOC-3"] := loc_3 if kind in technical

verdicts["LOC-4"] := loc_4 if loc_4_applies

verdicts["LOC-5"] := loc_5 if loc_5_applies

verdicts["LOC-6"] := loc_6 if kind in digital

verdicts["GOU-1"] := gou_1 if kind in digital

verdicts["GOU-2"] := gou_2 if kind in digital

verdicts["GOU-3"] := gou_3 if kind in digital

verdicts["GOU-4"] := gou_4 if kind in digital

verdicts["GOU-5"] := gou_5 if kind in digital

verdicts["GOU-6"] := gou_6 if kind in digital

verdicts["GOU-7"] := gou_7 if kind in technical

verdicts["HEB-1"] := heb_1 if hosts

verdicts["HEB-2"] := heb_2 if hosts

verdicts["HEB-3"] := heb_3 if hosts

verdicts["HEB-4"] := heb_4 if hosts

verdicts["HEB-5"] := heb_5 if hosts

verdicts["HEB-6"] := heb_6 if hosts

verdicts["HEB-7"] := heb_7 if hosts

verdicts["HEB-8"] := heb_8 if kind in digital

verdicts["HEB-9"] := heb_9 if kind in digital

verdicts["SEC-1"] := sec_1 if kind in digital

verdicts["SEC-2"] := sec_2 if kind in digital

verdicts["SEC-3"] := sec_3 if kind in technical

verdicts["SEC-4"] := sec_4 if kind in technical

verdicts["SEC-5"] := sec_5 if kind in digital

verdicts["SEC-6"] := sec_6 if hosts

verdicts["SEC-7"] := sec_7 if kind in technical

verdicts["SEC-8"] := sec_8 if sec_8_applies

verdicts["SEC-9"] := sec_9 if kind in digital

verdicts["SEC-10"] := sec_10 if hosts

verdicts["VAL-1"] := val_1 if kind in digital

verdicts["VAL-2"] := val_2 if kind in digital

verdicts["VAL-3"] := val_3 if kind in digital
