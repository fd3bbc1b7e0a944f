# A dossier whose facts something else has settled: plain values.
package nfg

dossier := input

kind := input.scope.offering.kind

data_stated := {h.data | some h in input.scope.offering.hosting}

activities_stated := {a.kind | some a in input.scope.offering.activities}

personal_data_stated := input.scope.offering.personal_data
