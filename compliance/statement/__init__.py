"""compliance.statement: for one licence on one day, provision by provision: what Pitboss does, by which rule, what shows
it, and what stays the operator's to do. `covering` puts it together from the rules in force and the records; `duties`
names what stays wholly outside. Nothing here is legal advice, and what nobody has read in the text says so."""
