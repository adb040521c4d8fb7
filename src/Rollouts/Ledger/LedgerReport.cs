using Rollouts.Machine;

namespace Rollouts.Ledger;

/// <summary>Counts and rates over the ledger: which services and which templates decide well, and where people are waited for.</summary>
/// <param name="Since">From when on outcomes are counted.</param>
/// <param name="All">Over everything.</param>
/// <param name="Services">By service, the most deployments first.</param>
/// <param name="Templates">By analysis template. A rollback counts for the templates whose metrics failed; anything else for all that the release names.</param>
public sealed record LedgerReport(DateTimeOffset Since, LedgerCounts All, IReadOnlyList<LedgerCounts> Services, IReadOnlyList<LedgerCounts> Templates)
{
    public static LedgerReport Of(DateTimeOffset since, IReadOnlyList<LedgerEntry> entries) => new(
        since,
        LedgerCounts.Of("all", entries),
        Sorted(entries.GroupBy(e => e.Row.Service).Select(g => LedgerCounts.Of(g.Key, [.. g]))),
        Sorted(entries.SelectMany(e => e.Row.Templates).Distinct().Select(t => OfTemplate(t, [.. entries.Where(e => e.Row.Templates.Contains(t))]))));

    // A rollback that another template caused is a deployment of this one, and says nothing of how well it judges.
    private static LedgerCounts OfTemplate(string template, IReadOnlyList<LedgerEntry> used)
    {
        LedgerCounts own = LedgerCounts.Of(
            template, [.. used.Where(e => e.Row.Outcome != RolloutOutcome.RolledBack || e.Row.FailedTemplates.Contains(template))]);
        return own with { Deployments = used.Count(e => LedgerCounts.IsDeployment(e.Row)) };
    }

    private static LedgerCounts[] Sorted(IEnumerable<LedgerCounts> counts) =>
        [.. counts.OrderByDescending(c => c.Deployments).ThenBy(c => c.Name, StringComparer.Ordinal)];
}

/// <summary>Counts of a service, a template, or everything. Rates are parts of one; null where there is nothing to divide by.</summary>
public sealed record LedgerCounts
{
    public required string Name { get; init; }

    /// <summary>Attempts that shifted traffic or could have: promoted, rolled back, aborted or superseded.</summary>
    public int Deployments { get; init; }

    public int Promoted { get; init; }

    /// <summary>Rollbacks by analysis.</summary>
    public int AutomaticRollbacks { get; init; }

    /// <summary>Of those, how many were judged right.</summary>
    public int Correct { get; init; }

    /// <summary>Of those, how many were judged wrong: the version was good.</summary>
    public int False { get; init; }

    /// <summary>Promotions that were judged wrong: analysis missed what was bad.</summary>
    public int Missed { get; init; }

    /// <summary>Ended by a person, an unanswered question or a deadline.</summary>
    public int Aborted { get; init; }

    /// <summary>Decisions that people took.</summary>
    public int Decisions { get; init; }

    /// <summary>Questions that people answered.</summary>
    public int Answers { get; init; }

    /// <summary>Half of the answers came within so many seconds.</summary>
    public int? MedianAnswerSeconds { get; init; }

    public int? LongestAnswerSeconds { get; init; }

    /// <summary>Automatic rollbacks of all deployments.</summary>
    public double? RollbackRate => Part(AutomaticRollbacks, Deployments);

    /// <summary>False ones of the automatic rollbacks that were judged.</summary>
    public double? FalseRate => Part(False, Correct + False);

    /// <summary>Missed ones of all promotions.</summary>
    public double? MissRate => Part(Missed, Promoted);

    internal static LedgerCounts Of(string name, IReadOnlyList<LedgerEntry> entries)
    {
        int[] answers = [.. entries.SelectMany(e => e.Row.AnswersTook).Order()];
        int Count(RolloutOutcome outcome, Verdict? verdict = null) =>
            entries.Count(e => e.Row.Outcome == outcome && (verdict is null || e.Judgement?.Verdict == verdict));

        return new LedgerCounts
        {
            Name = name,
            Deployments = entries.Count(e => IsDeployment(e.Row)),
            Promoted = Count(RolloutOutcome.Promoted),
            AutomaticRollbacks = Count(RolloutOutcome.RolledBack),
            Correct = Count(RolloutOutcome.RolledBack, Verdict.Right),
            False = Count(RolloutOutcome.RolledBack, Verdict.Wrong),
            Missed = Count(RolloutOutcome.Promoted, Verdict.Wrong),
            Aborted = Count(RolloutOutcome.Aborted),
            Decisions = entries.Sum(e => e.Row.Decisions),
            Answers = answers.Length,
            MedianAnswerSeconds = answers.Length == 0 ? null : answers[answers.Length / 2],
            LongestAnswerSeconds = answers.Length == 0 ? null : answers[^1],
        };
    }

    internal static bool IsDeployment(LedgerRow row) => row.Outcome is not (RolloutOutcome.Invalid or RolloutOutcome.FastRolledBack);

    private static double? Part(int part, int whole) => whole == 0 ? null : (double)part / whole;
}
