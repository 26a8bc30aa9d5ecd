"""From volumes and handle times to agents needed, and from agents back to the service they give."""
