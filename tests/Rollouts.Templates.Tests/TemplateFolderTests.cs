using Rollouts.Analysis;
using Rollouts.Manifests;

namespace Rollouts.Templates.Tests;

public sealed class TemplateFolderTests : IDisposable
{
    private const string Metrics = "  metrics:\n  - {name: NAME, successCondition: \"result[0] == 1\", provider: {prometheus: {query: up}}}\n";

    private readonly string folder = Directory.CreateTempSubdirectory("rollouts-templates-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Find_TemplatesOfAllFiles_EachByItself()
    {
        Write("a.yaml", Template("one") + "---\n" + Template("two"));
        Write("b.yml", Template("three").Replace("kind: Analysis", "kind: ClusterAnalysis"));
        Write("notes.txt", "no template");

        TemplateFolder templates = TemplateFolder.Open(folder);

        Assert.Equal(3, templates.Count);
        ManifestFile two = (await templates.FindAsync(new("any"), new TemplateReference("two", false), Cancellation))!;
        Assert.Equal(["two"], ReleaseReader.ReadTemplates([two]).Templates.Keys);
        Assert.NotNull(await templates.FindAsync(new("any"), new TemplateReference("three", true), Cancellation));
        Assert.Null(await templates.FindAsync(new("any"), new TemplateReference("three", false), Cancellation));
    }

    [Fact]
    public void Open_TemplatesOfThisProject_AreFine() => Assert.NotEqual(0, TemplateFolder.Open(Path.Combine(AppContext.BaseDirectory, "templates")).Count);

    [Fact]
    public void Open_TemplateWithErrors_NamesFileAndLine()
    {
        string file = Write("bad.yaml", Template("one").Replace("successCondition", "succesCondition"));

        TemplateFolderException problem = Assert.Throws<TemplateFolderException>(() => TemplateFolder.Open(folder));

        Assert.StartsWith($"{file}:7: spec.metrics[0].succesCondition: unknown field, did you mean successCondition?", problem.Message);
    }

    [Fact]
    public void Open_TemplateTwice_IsRefused()
    {
        Write("a.yaml", Template("one"));
        Write("b.yaml", Template("one"));

        Assert.Contains("is a second AnalysisTemplate one", Assert.Throws<TemplateFolderException>(() => TemplateFolder.Open(folder)).Message);
    }

    [Fact]
    public void Open_NoFolder_SaysSo() =>
        Assert.Contains("can't be read", Assert.Throws<TemplateFolderException>(() => TemplateFolder.Open(Path.Combine(folder, "none"))).Message);

    [Fact]
    public void Open_EmptyFolder_HasNoTemplates() => Assert.Equal(0, TemplateFolder.Open(folder).Count);

    private static string Template(string name) =>
        $"apiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nmetadata:\n  name: {name}\nspec:\n" + Metrics.Replace("NAME", name);

    private string Write(string name, string text)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
