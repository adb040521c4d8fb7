using System.Text.RegularExpressions;
using System.Text.Unicode;
using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Patterns;

/// <summary>
/// A regular expression in Go's syntax (RE2), which asks only whether a text has a match. It runs on .NET's engine without
/// backtracking, so no pattern takes more than linear time.
/// </summary>
internal sealed class GoRegex
{
    private const int MostCharacters = 10_000;

    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(100);

    private readonly Regex regex;
    private readonly PatternAlphabet alphabet;

    private GoRegex(Regex regex, PatternAlphabet alphabet)
    {
        this.regex = regex;
        this.alphabet = alphabet;
    }

    /// <summary>Compiles a pattern.</summary>
    /// <exception cref="EvaluationFailure">Go would not compile it, or it is too large.</exception>
    public static GoRegex Compile(string pattern)
    {
        if (pattern.Length > MostCharacters)
        {
            throw new EvaluationFailure($"the pattern is longer than {MostCharacters} characters");
        }

        if (!Utf8.IsValid(GoText.ToBytes(pattern)))
        {
            throw new EvaluationFailure("error parsing regexp: invalid UTF-8");
        }

        var (translated, alphabet) = PatternTranslator.Translate(GoText.ToUnicode(pattern));
        try
        {
            var regex = new Regex(translated, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, Timeout);
            return new GoRegex(regex, alphabet);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new EvaluationFailure($"error parsing regexp: {e.Message}");
        }
    }

    public bool IsMatch(string text)
    {
        try
        {
            return regex.IsMatch(alphabet.Encode(GoText.ToUnicode(text)));
        }
        catch (RegexMatchTimeoutException)
        {
            throw new EvaluationFailure($"matching took longer than {Timeout.TotalMilliseconds} ms");
        }
    }
}
