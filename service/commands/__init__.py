"""The commands of `stint`, one file each; `service.cli` names them. What a command needs is imported when it runs."""
