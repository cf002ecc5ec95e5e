"""The steps from an API document to a generated package, one module a step.

select -> convert -> overlay -> validate -> lint -> generate -> compare -> swap; `build` puts them in order.
"""
