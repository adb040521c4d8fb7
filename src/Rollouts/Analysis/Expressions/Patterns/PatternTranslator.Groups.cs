namespace Rollouts.Analysis.Expressions.Patterns;

/// <summary>Groups, their names and their flags.</summary>
internal sealed partial class PatternTranslator
{
    [Flags]
    private enum Flags
    {
        None = 0,
        IgnoresCase = 1,
        IsMultiline = 2,
        DotTakesNewLine = 4,
    }

    private string? Group(out int repetitions)
    {
        repetitions = 1;
        at++;
        var outer = flags;
        if (Take('?') && !TakeName() && TakeFlags())
        {
            return null;
        }

        var inner = Alternatives(out repetitions);
        if (!Take(')'))
        {
            throw Malformed("missing closing )");
        }

        flags = outer;
        return $"(?:{inner})";
    }

    private bool TakeName()
    {
        var from = at;
        Take('P');
        if (!Take('<'))
        {
            at = from;
            return false;
        }

        var end = pattern.IndexOf('>', at);
        var name = end < 0 ? "" : pattern[at..end];
        if (name.Length == 0 || name.Any(c => c != '_' && !char.IsAsciiLetterOrDigit(c)))
        {
            throw Malformed("invalid named capture");
        }

        at = end + 1;
        return true;
    }

    /// <summary>Takes flags up to a colon, or up to the end of the group, which then has no more than them.</summary>
    private bool TakeFlags()
    {
        var (on, sawFlag) = (true, false);
        while (!IsAtEnd)
        {
            var flag = pattern[at++];
            switch (flag)
            {
                case 'i':
                    Set(Flags.IgnoresCase, on);
                    break;
                case 'm':
                    Set(Flags.IsMultiline, on);
                    break;
                case 's':
                    Set(Flags.DotTakesNewLine, on);
                    break;
                case 'U':
                    break;
                case '-' when on:
                    (on, sawFlag) = (false, false);
                    continue;
                case ':' or ')' when on || sawFlag:
                    return flag == ')';
                default:
                    throw Malformed("invalid or unsupported Perl syntax");
            }

            sawFlag = true;
        }

        throw Malformed("missing argument to repetition operator or closing )");
    }

    private void Set(Flags flag, bool on) => flags = on ? flags | flag : flags & ~flag;
}
