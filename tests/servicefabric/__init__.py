"""Service Fabric: operations, the upload engine, packages, logins, and the local server itself."""
