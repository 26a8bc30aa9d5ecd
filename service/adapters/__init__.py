"""What fulfils the faces of `jobs/`: a database and DBOS, and twins of both in memory."""
