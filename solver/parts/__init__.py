"""A request that falls into parts which have nothing to do with each other, and the roster of the whole from theirs.

Agents who share a planning group belong together, so do planning groups that share an agent, and agents whom one rule
of the roster counts: those who sit in one room, say. What is left apart shares neither people nor work nor seats: a
roster of the whole is one roster of each part, its cost is the sum of their costs, and the sum of their bounds is a
bound. Sites are such parts where no planning group is served from two of them.
"""
