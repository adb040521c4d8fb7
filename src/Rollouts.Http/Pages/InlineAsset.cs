using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Rollouts.Http.Pages;

/// <summary>A style or script of this project that stands in the page itself. The content security policy lets it in by its hash, and nothing else.</summary>
internal sealed class InlineAsset
{
    private InlineAsset(string text)
    {
        Text = text.ReplaceLineEndings("\n");
        Source = $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Text)))}'";
    }

    /// <summary>As it stands between the tags; browsers read it with line feeds only.</summary>
    public string Text { get; }

    /// <summary>As a policy names it.</summary>
    public string Source { get; }

    /// <summary>From the source code: never from anything that somebody else wrote.</summary>
    public static InlineAsset FromCode(string text) => new(text);

    /// <summary>From a file of this project, named with its folder, such as <c>Dashboard.dashboard.js</c>.</summary>
    public static InlineAsset FromFile(string name)
    {
        using Stream resource = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Rollouts.Http.{name}")!;
        using StreamReader reader = new(resource);
        return FromCode(reader.ReadToEnd());
    }
}
