"""Beesender Support: service tiers, admission and response times for Frappe Helpdesk."""

__version__ = "0.2.0"
