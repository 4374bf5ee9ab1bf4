-- What else takes two people (compliance_guard_two, in guards.sql): findings overruled, definitions of signs of harm, levels of
-- harm lowered, times that data are kept, what counsel has answered.
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON compliance_override FOR EACH ROW
  EXECUTE FUNCTION compliance_guard_two('override.asked', 'override.signed', 'override.declined');
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON compliance_markerversion FOR EACH ROW
  EXECUTE FUNCTION compliance_guard_two('marker.asked', 'marker.signed', 'marker.declined');
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON compliance_levelreview FOR EACH ROW
  EXECUTE FUNCTION compliance_guard_two('case.level_asked', 'case.level_lowered', 'case.level_declined');
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON compliance_retention FOR EACH ROW
  EXECUTE FUNCTION compliance_guard_two('retention.asked', 'retention.signed', 'retention.declined');
ALTER TABLE compliance_override ENABLE ALWAYS TRIGGER guard;
ALTER TABLE compliance_markerversion ENABLE ALWAYS TRIGGER guard;
ALTER TABLE compliance_levelreview ENABLE ALWAYS TRIGGER guard;
ALTER TABLE compliance_retention ENABLE ALWAYS TRIGGER guard;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON compliance_counselanswer FOR EACH ROW
  EXECUTE FUNCTION compliance_guard_two('counsel.asked', 'counsel.signed', 'counsel.declined');
ALTER TABLE compliance_counselanswer ENABLE ALWAYS TRIGGER guard;
