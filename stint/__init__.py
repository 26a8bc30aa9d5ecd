"""What programs use that call Stint: `stint.client`."""
