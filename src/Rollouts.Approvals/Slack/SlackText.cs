namespace Rollouts.Approvals.Slack;

/// <summary>Text as it may stand in a message: nobody's words make a mention, a link or a format of it.</summary>
internal static class SlackText
{
    /// <summary>For markdown texts, where Slack takes three characters at more than their word.</summary>
    public static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    /// <summary>As code, in which nothing else has a meaning.</summary>
    public static string Code(string text) => $"`{Escape(text.Replace('`', '\''))}`";

    /// <summary>At most so many characters.</summary>
    public static string Short(string text, int most) => text.Length <= most ? text : string.Concat(text.AsSpan(0, most - 1), "…");
}
