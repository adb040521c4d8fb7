using Rollouts.Manifests;

namespace RolloutFunctions.Tests.VirtualTime;

/// <summary>Releases for a clock that runs fast.</summary>
internal static class PatientRelease
{
    /// <summary>The release with a deadline for progress of days: the time that storage takes would else look like a cluster that does not answer.</summary>
    public static Release Patient(this Release release) => release with { ProgressDeadline = TimeSpan.FromDays(2) };
}
