// Two models answer the same picture: both lists on the same scale, and what stands in both is marked.

import { Bars } from "./bars.js";
import { element, mark, say } from "./dom.js";
import { Host, hosted } from "./host.js";

class Two extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "two", ["answer.css"]);
    this.root.classList.add("two");
    this.sides = ["first", "second"].map((name) => {
      const model = element("p", { class: "model" });
      const label = element("p", { class: "answer-label", "data-testid": `label-${name}` });
      const bars = new Bars(`bars-${name}`);
      const facts = element("p", { class: "facts" });
      const root = element("section", { class: "side" }, model, label, bars.root, facts);
      this.root.append(root);
      return { root, model, label, bars, facts };
    });
  }

  update(/** @type {Record<string, any>} */ data) {
    this.sides.forEach((side, at) => {
      const said = data.sides[at];
      say(side.model, said.model);
      say(side.label, said.label);
      mark(side.root, "aria-label", said.model);
      mark(side.root, "data-state", said.state);
      side.bars.show(said.rows, said.wanted, said.grey);
      say(side.facts, said.facts);
    });
    mark(this.root, "data-state", data.sides[1].state);
  }
}

export default hosted(Two);
