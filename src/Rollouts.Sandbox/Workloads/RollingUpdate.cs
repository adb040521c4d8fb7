namespace Rollouts.Sandbox.Workloads;

/// <summary>How many pods a Deployment makes and takes away next, as Kubernetes' rolling update goes by default: a quarter more, a quarter less.</summary>
/// <param name="Create">Pods of the current template to make.</param>
/// <param name="RemoveFormer">Pods of former templates to take away, those that are not ready first.</param>
/// <param name="RemoveCurrent">Pods of the current template that are too many.</param>
internal sealed record RollingUpdate(int Create, int RemoveFormer, int RemoveCurrent)
{
    private const double Share = 0.25;

    /// <param name="wanted">How many pods there are to be.</param>
    /// <param name="current">Pods of the current template.</param>
    /// <param name="former">Pods of former templates.</param>
    /// <param name="formerReady">Those of them that are ready.</param>
    /// <param name="ready">Pods of any template that are ready.</param>
    public static RollingUpdate Next(int wanted, int current, int former, int formerReady, int ready)
    {
        int most = wanted + (int)Math.Ceiling(wanted * Share);
        int least = wanted - (int)Math.Floor(wanted * Share);
        int spare = Math.Max(0, ready - least);
        return new(
            Math.Clamp(wanted - current, 0, Math.Max(0, most - current - former)),
            Math.Min(former, former - formerReady + spare),
            Math.Max(0, current - wanted));
    }
}
