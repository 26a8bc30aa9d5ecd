"""Weeks ahead: how much work, how many people, whom to hire when (`demand`, `people`, `hiring`, `plan`)."""
