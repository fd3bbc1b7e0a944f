# A dossier whose facts something else has settled: plain values.
package nfg

kind := input.scope.offering.kind

data_stated := {h.data | some h in input.scope.offering.hosting}

activities_stated := {a.kind | some a in input.scope.offering.activities}

personal_data_stated := input.scope.offering.personal_data

organisation := input.organisation

governance := input.governance

contract := input.contract

security := input.security

protection := input.protection

value := input.value

offering := input.offering

hosting := offering.hosting

activities := offering.activities

domains := offering.domains

suppliers := offering.suppliers

attestations := offering.attestations

parties := input.parties
