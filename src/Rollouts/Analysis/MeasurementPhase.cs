namespace Rollouts.Analysis;

/// <summary>What one measurement of a metric came to; the words and their meaning are Argo's.</summary>
public enum MeasurementPhase
{
    /// <summary>Not started.</summary>
    Pending,

    /// <summary>The provider has been asked and has not answered.</summary>
    Running,

    /// <summary>The conditions speak for the new version.</summary>
    Successful,

    /// <summary>The conditions speak against the new version.</summary>
    Failed,

    /// <summary>Both conditions are given and neither holds.</summary>
    Inconclusive,

    /// <summary>The provider failed, or a condition could not be evaluated on what it gave.</summary>
    Error,
}
