namespace Rollouts.Sandbox.KubernetesApi.Requests;

/// <summary>Whether a call only shows what it would do: <c>dryRun=All</c>, and no other word.</summary>
internal static class DryRuns
{
    /// <exception cref="ApiFailure">422 for another word.</exception>
    public static bool Read(string verb, IEnumerable<string?> values)
    {
        var given = values.ToList();
        if (given.Find(v => v != "All") is { } unknown)
        {
            throw ApiFailure.InvalidOptions(Options(verb), FieldError.NotSupported("dryRun", unknown, "All"));
        }

        return given.Count > 0;
    }

    private static string Options(string verb) => verb switch
    {
        "update" => "UpdateOptions",
        "patch" => "PatchOptions",
        "delete" or "deletecollection" => "DeleteOptions",
        _ => "CreateOptions",
    };
}
