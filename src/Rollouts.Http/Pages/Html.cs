using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace Rollouts.Http.Pages;

/// <summary>
/// Markup that is safe to send. It comes from an interpolated string only, whose holes are encoded, for text and quoted attributes alike:
/// <c>Html.Of($"&lt;p title=\"{text}\"&gt;{text}&lt;/p&gt;")</c>. Markup in a hole goes in as it is, lists of it one after another. Pages have no other
/// way to make it, so none can forget to encode; attributes are written with quotes, and no hole stands in a script, a style or an address' scheme.
/// </summary>
internal readonly struct Html
{
    private readonly string? markup;

    private Html(string markup) => this.markup = markup;

    /// <summary>Nothing.</summary>
    public static Html None => default;

    /// <summary>The markup of an interpolated string.</summary>
    public static Html Of(HtmlBuilder builder) => new(builder.ToMarkup());

    /// <summary>The markup when something holds, else nothing; the holes are not looked at then.</summary>
    public static Html When(bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] HtmlBuilder builder) => new(builder.ToMarkup());

    /// <summary>Text, encoded.</summary>
    public static Html Text(string? text) => new(HtmlEncoder.Default.Encode(text ?? ""));

    /// <inheritdoc/>
    public override string ToString() => markup ?? "";
}

/// <summary>Builds markup from an interpolated string.</summary>
[InterpolatedStringHandler]
internal readonly ref struct HtmlBuilder
{
    private readonly StringBuilder? markup;

    public HtmlBuilder(int literalLength, int formattedCount) => markup = new StringBuilder(literalLength + (formattedCount * 16));

    /// <summary>For markup that may be left out.</summary>
    public HtmlBuilder(int literalLength, int formattedCount, bool holds, out bool isWanted)
    {
        isWanted = holds;
        markup = holds ? new StringBuilder(literalLength + (formattedCount * 16)) : null;
    }

    public void AppendLiteral(string literal) => markup!.Append(literal);

    public void AppendFormatted(Html html) => markup!.Append(html.ToString());

    public void AppendFormatted(IEnumerable<Html> many)
    {
        foreach (Html html in many)
        {
            markup!.Append(html.ToString());
        }
    }

    public void AppendFormatted(string? text) => markup!.Append(HtmlEncoder.Default.Encode(text ?? ""));

    public void AppendFormatted<T>(T value, string? format = null)
        where T : struct, IFormattable =>
        markup!.Append(HtmlEncoder.Default.Encode(value.ToString(format, null)));

    internal string ToMarkup() => markup?.ToString() ?? "";
}
