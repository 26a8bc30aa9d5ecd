"""CP-SAT where it is strong: groups by name, the activities of a day, tours to choose among, small problems."""
