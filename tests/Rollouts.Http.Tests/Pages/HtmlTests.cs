using Rollouts.Http.Pages;

namespace Rollouts.Http.Tests.Pages;

public sealed class HtmlTests
{
    [Fact]
    public void Of_TextWithMarkup_IsEncoded()
    {
        string hostile = "<script>alert('x')</script>\"&";
        Assert.Equal(
            "<p title=\"&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;&quot;&amp;\">&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;&quot;&amp;</p>",
            Html.Of($"<p title=\"{hostile}\">{hostile}</p>").ToString());
    }

    [Fact]
    public void Of_MarkupInAHole_GoesInAsItIs()
    {
        Html bold = Html.Of($"<b>{"<"}</b>");
        Assert.Equal("<p><b>&lt;</b>7<b>&lt;</b><b>&lt;</b></p>", Html.Of($"<p>{bold}{7}{new[] { bold, bold }}</p>").ToString());
    }

    [Fact]
    public void When_ItDoesNotHold_LeavesTheHolesAlone()
    {
        string? nothing = null;
        Assert.Equal("", Html.When(nothing is not null, $"<p>{nothing!.Length}</p>").ToString());
        Assert.Equal("<p>2</p>", Html.When(true, $"<p>{"ab".Length}</p>").ToString());
    }

    [Fact]
    public void Of_Null_IsEmpty() => Assert.Equal("<p></p>", Html.Of($"<p>{(string?)null}{Html.None}</p>").ToString());
}
