using System.Globalization;
using System.Xml.Linq;

namespace Rollouts.Simulation.Timeline;

/// <summary>Makes elements of a drawing.</summary>
internal static class Svg
{
    public static readonly XNamespace Namespace = "http://www.w3.org/2000/svg";

    public static XElement Element(string name, string style, params (string Name, object Value)[] attributes)
    {
        var element = new XElement(Namespace + name);
        if (style.Length > 0)
            element.SetAttributeValue("class", style);
        foreach ((string attribute, object value) in attributes)
            element.SetAttributeValue(attribute, value is double number ? Number(number) : value);
        return element;
    }

    public static XElement Line(string style, double x1, double y1, double x2, double y2) =>
        Element("line", style, ("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2));

    public static XElement Rectangle(string style, double x, double y, double width, double height) =>
        Element("rect", style, ("x", x), ("y", y), ("width", width), ("height", height));

    public static XElement Path(string style, string data) => Element("path", style, ("d", data));

    public static XElement Text(string style, double x, double y, string text)
    {
        XElement element = Element("text", style, ("x", x), ("y", y));
        element.Add(Clean(text));
        return element;
    }

    /// <summary>A text that is known by an id.</summary>
    public static XElement Content(string name, string id, string text) => new(Namespace + name, new XAttribute("id", id), Clean(text));

    /// <summary>What is shown, and read out, for an element.</summary>
    public static XElement Titled(this XElement element, string title)
    {
        element.AddFirst(new XElement(Namespace + "title", Clean(title)));
        return element;
    }

    /// <summary>At most so many characters.</summary>
    public static string Short(string text, int most) => text.Length <= most ? text : string.Concat(text.AsSpan(0, most - 1), "…");

    public static string Number(double value) => Math.Round(value, 1).ToString(CultureInfo.InvariantCulture);

    // XML takes no control characters, however they are written.
    private static string Clean(string text) => string.Concat(text.Select(c => char.IsControl(c) || char.IsSurrogate(c) || c > '\uFFFD' ? ' ' : c));
}
