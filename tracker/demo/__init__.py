"""The pilot partnership's case files: what `flask demo` loads into an empty database.

All facts are invented and people appear by pseudonym only. Each file is one case in the shape of the domain reference,
section 7, with the text that `flask case show` would print. Together they give the pilot year's figures, 1 April 2024
to 31 March 2025, and something true to show on every page on 22 November 2026.

Domestic homicide reviews
    dhr-2021-001  published in full in 2023, both stocktakes done, closed
    dhr-2022-001  published in full in the pilot year (D6); an action plan update is overdue
    dhr-2022-002  first submission (D4) and learning only (D7) in the pilot year, resubmitted between; ready to close
    dhr-2023-001  on hold for a trial at the end of the pilot year (D3), two holds overlap later; waits on the
                  Home Office; the date of its decision is corrected
    dhr-2023-002  first submission in the pilot year (D4, D3); publication withheld twice; a stocktake is overdue
    dhr-2024-001  decided not to review, accepted by the Home Office; the letter was entered late
    dhr-2025-001  the worked example: notified in the pilot year (D1, D3), extended, published in full in 2026
    dhr-2025-002  no review, asked to reconsider, no review again, directed to review; a management review is overdue
    dhr-2026-001  in review, on hold for a trial, report and one management review extended
    dhr-2026-002  waits for the chair's decision
    dhr-2026-003  notified this week

Anti-social behaviour case reviews
    asb-2024-001  statutory test only (three people); reviewed, plan agreed and monitored (A6, A7)
    asb-2024-002  not met (A5): one incident was reported twice; the acknowledgement is corrected
    asb-2024-003  withdrawn before it was acknowledged (A5)
    asb-2024-004  local limb only (hate); panel moved and extended; reviewed, plan agreed and monitored (A6, A7)
    asb-2024-005  not met (A5); appeal on the threshold not upheld (A9)
    asb-2025-001  not met (A5): one complaint was made too late
    asb-2025-002  appeal on the threshold upheld, then reviewed, completed and closed
    asb-2025-003  discretionary review, appeal on its conduct not upheld; a plan review is overdue
    asb-2026-001  met on both tests; panel arranged for 1 December 2026, extended
    asb-2026-002  appeal open
    asb-2026-003  at application; the decision and one body's information are overdue
    asb-2026-004  received this week, led by nobody yet

Offensive weapons homicide reviews (no duty is in force in Shropshire: planning only)
    owhr-2025-001  an exercise taken through to monitoring; one notice late, one after “unable”, one date corrected
    owhr-2026-001  three partners' clocks: two not able to decide, one overdue
"""
