"""A request that falls into parts which have nothing to do with each other, and the roster of the whole from theirs.

Agents who share a planning group belong together, and so do planning groups that share an agent. What is left apart
shares neither people nor work: a roster of the whole is one roster of each part, its cost is the sum of their costs,
and the sum of their bounds is a bound.
"""
