"""Who is eligible for which programme, by the rules of the day, and who fits into its quota.

`eligible` and `served` are separate answers: the first comes from the conditions, the second from the
quota. Programmes are assessed wave by wave, since some exclude those served by others.
"""

from streams.programmes.assess import Assessed, assess, assess_waves
from streams.programmes.decide import UNRANKED, Verdict
from streams.programmes.quotas import quota_cuts, units_step

__all__ = ["UNRANKED", "Assessed", "Verdict", "assess", "assess_waves", "quota_cuts", "units_step"]
