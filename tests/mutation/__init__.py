"""Faults put into the real graph, one at a time and never into its files, to see whether the gate notices.

python -m tests.mutation --seed 7 --per-kind 20
"""
