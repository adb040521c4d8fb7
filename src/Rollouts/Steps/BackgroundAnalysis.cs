namespace Rollouts.Steps;

/// <summary>An analysis beside the steps (<c>strategy.canary.analysis</c>). It may measure without end; it ends, successful, when the rollout is promoted.</summary>
/// <param name="Analysis">What is measured.</param>
/// <param name="StartingStep">The index of the step with which it begins, from 0. Default 0.</param>
public sealed record BackgroundAnalysis(AnalysisStep Analysis, int StartingStep = 0);
