"""What no service owns: the two faces of an operation, the HTTP client, logins, pages, bodies, errors from answers.

Nothing here knows a service by name, and nothing but this package (and generated code) imports `httpx`. A service
needs: `operation` (faces); `Operations` (operations); `Service`, `ErrorDetail` (service); `BlockingClient`,
`AsyncClient` (client); `Login`, `Auth`, `TokenAuth`, `Token` (login); `paged`, `Walk`, `Page`, `Pager`, `AsyncPager`
(paging); `Body` (body). From the bottom: `clock`, `cancellation`, `faces`, `http`; over them `io`, the outside world as
operations see it; over that `work` and `transport`, which are it.
"""
