"""What each verb of `ctd` does, giving its exit code; what takes long to load is imported by the verb that needs it."""
