using System.Globalization;

namespace Rollouts.Traffic;

/// <summary>
/// Whether a count of requests can come from a weight. Each request goes to the canary with probability p, so that of n requests the canary's part q is
/// binomial; by Chernoff's bound a part at least as far from p as the one seen has at most the probability exp(-n·KL(q‖p)), for every n and p. A share is
/// off when that is below one in ten thousand: 100 requests tell 5 % from 17 %, 1,000 from 8.3 %, 10,000 from 6 %.
/// </summary>
public static class ShareBound
{
    // ln(10000)
    private const double Surprise = 9.21;

    /// <summary>Judges a count.</summary>
    /// <param name="canary">Requests that the canary got.</param>
    /// <param name="total">All requests.</param>
    /// <param name="weight">The canary's part of them as it should be, from 0 to 1.</param>
    /// <param name="least">With fewer requests nothing is said.</param>
    /// <param name="mayExceed">Whether header routes send the canary requests beside its weight, so that only too few say something.</param>
    public static ShareVerdict Judge(double canary, double total, double weight, int least, bool mayExceed)
    {
        if (!double.IsFinite(canary) || !double.IsFinite(total) || total <= 0 || total < least)
        {
            return ShareVerdict.TooFew;
        }

        double seen = Math.Clamp(canary / total, 0, 1);
        if (seen >= weight && mayExceed)
        {
            return ShareVerdict.Right;
        }

        return total * Divergence(seen, weight) > Surprise ? ShareVerdict.Off : ShareVerdict.Right;
    }

    /// <summary>The count as a person reads it.</summary>
    public static string Describe(double canary, double total, double weight, ShareVerdict verdict)
    {
        if (verdict == ShareVerdict.TooFew)
        {
            return string.Create(CultureInfo.InvariantCulture, $"only {total:0} requests came");
        }

        string is_ = verdict == ShareVerdict.Off ? "which is no accident" : "as far as so many requests can tell";
        return string.Create(
            CultureInfo.InvariantCulture, $"the canary got {canary:0} of {total:0} requests, {100 * canary / total:0.##} %; its weight is {100 * weight:0.##} %, {is_}");
    }

    private static double Divergence(double seen, double expected) => Term(seen, expected) + Term(1 - seen, 1 - expected);

    private static double Term(double seen, double expected) => seen == 0 ? 0 : expected == 0 ? double.PositiveInfinity : seen * Math.Log(seen / expected);
}

/// <summary>What a count of requests says of a weight.</summary>
public enum ShareVerdict
{
    /// <summary>Too few requests to say anything.</summary>
    TooFew,

    /// <summary>The count is one that the weight gives.</summary>
    Right,

    /// <summary>The weight does not give such a count, but once in ten thousand times.</summary>
    Off,
}
